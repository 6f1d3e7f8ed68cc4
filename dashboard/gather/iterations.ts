import type { Digest } from '#kernel';
import type { DeploymentFact, HistoryIndex, OutcomeFact, PredictionFact, Recorded, VerdictFact } from '#history';

/** One change to a model: what was said of it before the field was looked at, what came, and how far it went. */
export type Iteration = {
  id: Digest;
  verdict: VerdictFact;
  predictions: readonly { fact: PredictionFact; outcome: OutcomeFact | null }[];
  deployments: readonly DeploymentFact[];
};

/** The iterations of these verdicts, in their order. */
export async function iterationsOf(index: HistoryIndex, verdicts: readonly Recorded<VerdictFact>[]): Promise<Iteration[]> {
  const heads = verdicts.map(({ fact }) => fact.head);
  const predictions = await index.find({ kinds: ['prediction'], about: heads });
  const outcomes = await index.find({ kinds: ['outcome'], about: predictions.map(({ id }) => id) });
  const deployments = await index.find({ kinds: ['deployment'], about: verdicts.map(({ id }) => id) });
  const outcomeOf = new Map(outcomes.map(({ fact }) => [fact.prediction, fact]));
  const predictionsOf = Map.groupBy(predictions, ({ fact }) => `${fact.model} ${fact.head}`);
  const deploymentsOf = Map.groupBy(deployments, ({ fact }) => fact.verdict);
  return verdicts.map(({ id, fact }) => ({
    id,
    verdict: fact,
    predictions: (predictionsOf.get(`${fact.model} ${fact.head}`) ?? []).map((each) => ({
      fact: each.fact,
      outcome: outcomeOf.get(each.id) ?? null,
    })),
    deployments: (deploymentsOf.get(id) ?? []).map((each) => each.fact),
  }));
}

/** Every model of which anything was judged, by name. */
export async function modelsOf(index: HistoryIndex): Promise<string[]> {
  return await index.models('verdict');
}

/** The verdict whose record begins so; undefined where none does, or several do. */
export async function verdictNamed(index: HistoryIndex, name: string): Promise<Recorded<VerdictFact> | undefined> {
  const verdicts = await index.find({ kinds: ['verdict'], named: name });
  return verdicts.length === 1 ? verdicts[0] : undefined;
}
