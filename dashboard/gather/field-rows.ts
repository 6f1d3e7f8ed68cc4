import type { Digest } from '#kernel';
import type { HistoryIndex, OutcomeFact, PredictionFact, VerdictFact } from '#history';

/** What research said of a change, and what the field then showed, in the metric's unit. */
export type FieldRow = {
  model: string;
  metric: string;
  head: string;
  research: number;
  field: number;
  low: number;
  high: number;
  predicted: PredictionFact['field'];
  realised: OutcomeFact['field'];
  verdict: Digest | null;
  outcome: VerdictFact['outcome'] | null;
};

/** Of the last predictions, oldest first. */
export async function fieldRows(index: HistoryIndex, { last }: { last: number }): Promise<FieldRow[]> {
  const predictions = await index.find({ kinds: ['prediction'], newestFirst: true, page: { skip: 0, limit: last } });
  const outcomes = await index.find({ kinds: ['outcome'], about: predictions.map(({ id }) => id) });
  const verdicts = await index.find({ kinds: ['verdict'], about: predictions.map(({ fact }) => fact.head) });
  const outcomeOf = new Map(outcomes.map(({ fact }) => [fact.prediction, fact]));
  const verdictOf = new Map(verdicts.map((each) => [`${each.fact.model} ${each.fact.head}`, each]));
  return predictions.toReversed().flatMap(({ id, fact }) => {
    const realised = outcomeOf.get(id)?.field;
    const { value: research = null } = fact.research ?? {};
    if (realised?.value == null || research === null) return [];
    const { low, high } = realised.interval ?? { low: realised.value, high: realised.value };
    const verdict = verdictOf.get(`${fact.model} ${fact.head}`);
    const { model, metric, head } = fact;
    const known = { model, metric, head, research, field: realised.value, low, high, predicted: fact.field, realised };
    return [{ ...known, verdict: verdict?.id ?? null, outcome: verdict?.fact.outcome ?? null }];
  });
}

/** What was asked of one model by one metric, and all that came of it. */
export type Question = { model: string; metric: string; rows: readonly FieldRow[] };

export function questionsOf(rows: readonly FieldRow[]): Question[] {
  const groups = Map.groupBy(rows, ({ model, metric }) => JSON.stringify([model, metric]));
  return [...groups.values()].flatMap((of) => of.slice(0, 1).map(({ model, metric }) => ({ model, metric, rows: of })));
}
