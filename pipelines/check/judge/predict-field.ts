import { CouldNotRun, sameRelease, type Digest } from '#kernel';
import type { Dataset, OpenDataset } from '#datasets';
import { foretell, type Finding } from '#eval';
import { appendFacts, benchGains, factsOf, iterationsOf, type OutcomeFact, type PredictionFact } from '#history';
import type { ModelReport } from '#report';
import { metricOn, taskOf, type Unit } from '#tasks';
import type { PlannedModel } from '../plan/plan-model-change.ts';
import type { CheckPorts } from '../ports.ts';
import type { Change } from '../plan/gather-change.ts';

export type Prediction = { record: Digest; fact: PredictionFact; shown: NonNullable<ModelReport['prediction']> };

/**
 * Says what the research gain should be worth in the field, and writes it down before the replay is scored. A prediction
 * that a killed check left behind for the same question stands: the replay may have been seen since.
 */
export async function predictField(
  planned: Planned,
  research: readonly Finding[],
  context: Predicting,
  prediction: 'may be new' | 'must stand',
): Promise<Prediction | null> {
  const asked = questionOf(planned, research, context);
  if (asked === null) return null;
  const { question, unit } = asked;
  const entries = await context.ports.ledger.entries();
  const earlier = factsOf(entries, 'prediction').find(({ fact }) => isSameQuestion(fact, question));
  if (earlier !== undefined) return asPrediction(earlier.id, earlier.fact);
  if (prediction === 'must stand') throw notPredicted(question);
  const predicted = foretell(iterationsOf(entries, question), benchGains(question), unit);
  const fact: PredictionFact = {
    ...question,
    field: predicted.gain,
    basis: predicted.basis,
    at: context.ports.clock.now().toISOString(),
  };
  const [record] = await appendFacts(context.ports.ledger, [fact]);
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

type Question = Omit<PredictionFact, 'field' | 'basis' | 'at'>;
type Planned = Pick<PlannedModel, 'plan' | 'candidate' | 'references' | 'datasets'>;
type Predicting = { change: Pick<Change, 'head'>; ports: Pick<CheckPorts, 'ledger' | 'clock'> };

/** The field gain that matters most: the first that its task is about, else the first that any gate names. */
function questionOf(
  { plan, candidate, references, datasets }: Planned,
  research: readonly Finding[],
  { change }: Predicting,
): { question: Question; unit: Unit } | null {
  const baseline = references.find(({ role }) => role === 'baseline');
  const gates = plan.model.gates.flatMap((gate) =>
    gate.kind === 'quality' ? named(datasets.replay, gate.dataset).map((dataset) => ({ metric: gate.metric, dataset })) : [],
  );
  const gate = gates.find(({ metric, dataset }) => metric === leadingMetric(dataset)) ?? gates[0];
  if (baseline === undefined || gate === undefined) return null;
  const whole = research.filter(({ slice, against }) => slice === null && against === 'baseline');
  const leads = ({ metric, dataset: name }: Finding) =>
    named(datasets.research, name).some((asked) => metric === leadingMetric(asked));
  const question: Question = {
    kind: 'prediction',
    model: plan.model.name,
    head: change.head,
    candidate: candidate.release,
    reference: baseline.resolved.release,
    dataset: gate.dataset.name,
    datasetDigest: gate.dataset.digest,
    metric: gate.metric,
    research: whole.find(leads)?.gain ?? null,
    benches: benchesOf(whole),
  };
  return { question, unit: metricOn(gate.dataset, gate.metric).unit };
}

/** Each dataset and metric once, however many chipsets it was asked on: the first of them. */
function benchesOf(findings: readonly Finding[]): PredictionFact['benches'] {
  const benches = new Map<string, PredictionFact['benches'][number]>();
  for (const { dataset, metric, gain } of findings) {
    const key = JSON.stringify([dataset, metric]);
    if (dataset !== null && !benches.has(key)) benches.set(key, { dataset, metric, gain });
  }
  return [...benches.values()];
}

function named(open: readonly OpenDataset[], name: string | null): Dataset[] {
  return open.flatMap(({ dataset }) => (dataset.name === name ? [dataset] : []));
}

function leadingMetric(dataset: Pick<Dataset, 'task'>): string {
  return taskOf(dataset).metrics[0].name;
}

function isSameQuestion(a: Question, b: Question): boolean {
  return (
    a.model === b.model &&
    sameRelease(a.candidate, b.candidate) &&
    sameRelease(a.reference, b.reference) &&
    a.datasetDigest === b.datasetDigest &&
    a.metric === b.metric
  );
}

function asPrediction(record: Digest, fact: PredictionFact): Prediction {
  return { record, fact, shown: { dataset: fact.dataset, metric: fact.metric, gain: fact.field, basis: fact.basis } };
}

/** Answers the prediction with what the replay showed. */
export async function recordOutcome(
  { record, fact }: Prediction,
  replay: readonly Finding[],
  { ledger }: Pick<CheckPorts, 'ledger'>,
): Promise<void> {
  const { model, dataset, metric } = fact;
  const asked = replay.filter(
    (finding) => finding.dataset === dataset && finding.metric === metric && finding.against === 'baseline',
  );
  const shown = asked.find(({ slice }) => slice === null);
  if (shown === undefined) return;
  const places = asked.flatMap(placeOf);
  await appendFacts(ledger, [{ kind: 'outcome', prediction: record, model, dataset, metric, field: shown.gain, places }]);
}

function placeOf({ slice, chipset, gain }: Finding): OutcomeFact['places'][number][] {
  return slice?.by === 'site' && chipset !== null ? [{ site: slice.value, chipset, field: gain }] : [];
}
