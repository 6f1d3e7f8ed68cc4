import { CouldNotRun, type Digest } from '#kernel';
import { predictFieldGain, type HistoryRow } from '#eval';
import type { Entry } from '#ledger';
import type { Finding, ModelReport } from '#report';
import type { CheckContext } from '../check-context.ts';
import { asFact, factsOf, type PredictionFact } from '#history';
import type { PlannedModel } from '../plan/plan-model-change.ts';

export type Prediction = { record: Digest; fact: PredictionFact; shown: NonNullable<ModelReport['prediction']> };

/**
 * Says what the research gain should be worth in the field, and writes it down before the replay is scored. A prediction
 * that a killed check left behind for the same question stands: the replay may have been seen since.
 */
export async function predictField(
  planned: PlannedModel,
  research: readonly Finding[],
  context: CheckContext,
  prediction: 'may be new' | 'must stand',
): Promise<Prediction | null> {
  const question = questionOf(planned, research, context);
  if (question === null) return null;
  const entries = await context.ports.ledger.entries();
  const standing = factsOf(entries, 'prediction').find(({ fact }) => isSameQuestion(fact, question));
  if (standing !== undefined) return asPrediction(standing.id, standing.fact);
  if (prediction === 'must stand') throw notPredicted(question);
  const predicted = predictFieldGain(historyOf(entries, question), question.research, unitOf(question.metric));
  const fact: PredictionFact = {
    ...question,
    field: predicted.gain,
    basis: predicted.basis,
    at: context.ports.clock.now().toISOString(),
  };
  const [record] = await context.ports.ledger.append([asFact(fact)]);
  return record === undefined ? null : asPrediction(record, fact);
}

/** Footage was replayed already: what is said now of what it shows would be no prediction. */
function notPredicted({ model, dataset }: Question): CouldNotRun {
  return new CouldNotRun({
    file: 'the ledger',
    message: `nothing was predicted of ${model} on ${dataset} before it was replayed`,
    remedy: 'run fieldproof predict on the research parts, and then the replay parts and this again',
  });
}

function unitOf(metric: string): 'fraction' | 'per hour' | 'seconds' {
  if (metric === 'false-alarms-per-hour') return 'per hour';
  return metric === 'time-to-detect' ? 'seconds' : 'fraction';
}

type Question = Omit<PredictionFact, 'field' | 'basis' | 'at'>;

/** The field gain that matters most: recall of events where a gate asks for it, else the first metric on the first replay. */
function questionOf(
  { plan, candidate, references }: PlannedModel,
  research: readonly Finding[],
  { datasets, change }: CheckContext,
): Question | null {
  const baseline = references.find(({ role }) => role === 'baseline');
  const gates = plan.model.gates.flatMap((gate) => (gate.kind === 'quality' && datasets.replay.has(gate.dataset) ? [gate] : []));
  const gate = gates.find(({ metric }) => metric === 'event-recall') ?? gates[0];
  if (baseline === undefined || gate === undefined) return null;
  const gain = research.find(({ slice, against, metric }) => slice === null && against === 'baseline' && metric === 'top1');
  return {
    kind: 'prediction',
    model: plan.model.name,
    head: change.head,
    candidate: candidate.release,
    reference: baseline.resolved.release,
    dataset: gate.dataset,
    datasetDigest: datasets.replay.get(gate.dataset)?.dataset.digest ?? candidate.release.model,
    metric: gate.metric,
    research: gain?.gain ?? null,
  };
}

function isSameQuestion(a: Question, b: Question): boolean {
  return (
    a.model === b.model &&
    a.candidate.model === b.candidate.model &&
    a.candidate.runtime === b.candidate.runtime &&
    a.reference.model === b.reference.model &&
    a.datasetDigest === b.datasetDigest &&
    a.metric === b.metric
  );
}

/** Earlier iterations of the same model and metric: what research said, and what the field then showed. */
export function historyOf(entries: readonly Entry[], question: Pick<Question, 'model' | 'metric'>): HistoryRow[] {
  const outcomes = new Map(factsOf(entries, 'outcome').map(({ fact }) => [fact.prediction, fact]));
  return factsOf(entries, 'prediction')
    .filter(({ fact }) => fact.model === question.model && fact.metric === question.metric)
    .flatMap(({ id, fact }) => {
      const outcome = outcomes.get(id);
      return outcome === undefined
        ? []
        : [{ release: fact.candidate.model, research: fact.research, predicted: fact.field, realised: outcome.field }];
    });
}

function asPrediction(record: Digest, fact: PredictionFact): Prediction {
  return { record, fact, shown: { dataset: fact.dataset, metric: fact.metric, gain: fact.field, basis: fact.basis } };
}

/** Answers the prediction with what the replay showed. */
export async function recordOutcome(
  { record, fact }: Prediction,
  replay: readonly Finding[],
  { ports }: CheckContext,
): Promise<void> {
  const shown = replay.find(
    (finding) =>
      finding.dataset === fact.dataset &&
      finding.metric === fact.metric &&
      finding.slice === null &&
      finding.against === 'baseline',
  );
  if (shown === undefined) return;
  const { model, dataset, metric } = fact;
  await ports.ledger.append([asFact({ kind: 'outcome', prediction: record, model, dataset, metric, field: shown.gain })]);
}
