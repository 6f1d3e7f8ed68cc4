import { digestOf, digestOfJson, hexOf, releaseOf, type Digest, type Release } from '#kernel';
import { normalQuantile } from '../../eval/stats/distributions.ts';
import { random, type Random } from '../../eval/stats/rng.ts';
import { asWritten, type AnyFact, type PredictionFact, type VerdictFact } from '#history';
import { fieldFacts, type Told } from './long-history-field.ts';

/** How much a team of many years has behind it. */
export type LongHistory = {
  iterations: number;
  datasets: number;
  sites: number;
  models?: number;
  seed?: number;
  /** When the first was judged, and so many hours lie between one and the next. */
  begun?: Date;
  every?: number;
};

const HOUR = 3_600_000;
const BEGUN = new Date('2024-01-08T08:00:00Z');

/** The facts of a history, oldest first: reproducible, and of all kinds that a dashboard draws. */
export function* longHistory({
  iterations,
  datasets,
  sites,
  models = 5,
  seed = 1,
  begun = BEGUN,
  every = 2,
}: LongHistory): Generator<AnyFact> {
  const next = random(seed);
  const deployed = new Map<string, Release>();
  for (let number = 0; number < iterations; number += 1) {
    const model = `model-${(number % models) + 1}`;
    const release = releaseOf({ model: digestOf(`${seed} release ${number}`), runtime: digestOf('runtime') });
    const before = deployed.get(model) ?? releaseOf({ model: digestOf(`${model} first`), runtime: digestOf('runtime') });
    const { chipset, reached } = placesOf(Math.floor(number / models), sites);
    const told = {
      model,
      chipset,
      sites: reached,
      at: new Date(begun.getTime() + number * every * HOUR),
      release,
      before,
      next,
    };
    const pair = (number % Math.max(1, Math.floor(datasets / 2))) + 1;
    const { facts, verdict } = judged(told, { bench: `bench-${pair}`, street: `street-${pair}`, number });
    yield* facts;
    if (verdict.fact.outcome !== 'pass') continue;
    yield* fieldFacts(told, verdict);
    deployed.set(model, release);
  }
}

/** Each site has one chipset, of one kind or another; a change reaches up to three of a kind, and in turn all sites. */
function placesOf(turn: number, sites: number): { chipset: string; reached: string[] } {
  const kinds = Math.min(6, Math.ceil(sites / 3));
  const kind = turn % kinds;
  const alike = Array.from({ length: sites }, (_, site) => site + 1).filter((site) => site % kinds === kind);
  const first = 3 * Math.floor(turn / kinds);
  const reached = [0, 1, 2].map((step) => `site-${alike[(first + step) % alike.length] ?? 1}`);
  return { chipset: `chipset-${kind + 1}`, reached: [...new Set(reached)] };
}

function judged(told: Told, { bench, street, number }: { bench: string; street: string; number: number }) {
  const { model, chipset, sites, release, before, at, next } = told;
  const head = hexOf(digestOf(`head ${number} ${model}`)).slice(0, 40);
  const gain = 0.01 + 0.03 * normal(next);
  const research = estimate(gain + 0.008 * normal(next), 0.008);
  const field = estimate(0.7 * gain, 0.02);
  const realised = estimate(0.7 * gain + 0.015 * normal(next), 0.012);
  const evaluations = [bench, street].flatMap((dataset) =>
    [release, before].map((of) => evaluationOf(told, { head, dataset, release: of })),
  );
  const prediction: PredictionFact = {
    kind: 'prediction',
    model,
    head,
    candidate: release,
    reference: before,
    dataset: street,
    datasetDigest: digestOf(street),
    metric: 'event-recall',
    research,
    field,
    basis: 'what iterations before this one showed',
    at: at.toISOString(),
    benches: [{ dataset: bench, metric: 'top1', gain: research }],
  };
  const outcome = {
    kind: 'outcome' as const,
    prediction: idOf(prediction),
    model,
    dataset: street,
    metric: 'event-recall',
    field: realised,
    places: sites.map((site) => ({ site, chipset, field: estimate(0.7 * gain + 0.02 * normal(next), 0.025) })),
  };
  const fact = verdictOf(told, {
    head,
    findings: [
      found('top1', `${bench} baseline`, research),
      found('event-recall', `${street} baseline`, realised),
      speedOf(told),
    ],
  });
  const facts: AnyFact[] = [...evaluations.slice(0, 2), prediction, ...evaluations.slice(2), outcome, fact];
  return { facts, verdict: { id: idOf(fact), fact } };
}

function evaluationOf(
  { model, chipset }: Told,
  { head, dataset, release }: { head: string; dataset: string; release: Release },
): AnyFact {
  return {
    kind: 'evaluation',
    model,
    head,
    dataset,
    datasetDigest: digestOf(dataset),
    variant: 'fp32',
    chipsetKey: digestOf(chipset),
    threshold: null,
    trials: 480,
    trialsDigest: digestOf(`${dataset} ${hexOf(Object.values(release.stages)[0]?.model ?? digestOf(''))}`),
    release,
    task: dataset.startsWith('bench') ? 'classification' : 'events',
    taskVersion: 3,
  };
}

function verdictOf(
  { model, release, before, at }: Told,
  { head, findings }: Pick<VerdictFact, 'head' | 'findings'>,
): VerdictFact {
  const outcomes = findings.map(({ outcome }) => outcome);
  const outcome = outcomes.includes('fail') ? 'fail' : outcomes.includes('inconclusive') ? 'inconclusive' : 'pass';
  return {
    kind: 'verdict',
    model,
    base: hexOf(digestOf(`base ${head}`)).slice(0, 40),
    head,
    tree: hexOf(digestOf(`tree ${head}`)).slice(0, 40),
    policy: digestOf('policy'),
    candidate: release,
    references: [{ release: before, role: 'baseline' }],
    history: 'change',
    outcome,
    superior: outcome === 'pass' && (findings[0]?.low ?? 0) > 0,
    seed: 1,
    runner: { name: 'docker', sandboxed: true },
    findings,
    at: new Date(at.getTime() + 0.4 * HOUR).toISOString(),
  };
}

function speedOf({ chipset, next }: Told): VerdictFact['findings'][number] {
  return found('latency-p50', `${chipset} baseline`, estimate(0.03 * normal(next), 0.02), 0.1);
}

/** The rule of the product: a pass when the interval is above minus the margin, a fail when below. */
function found(metric: string, where: string, { value, interval }: Estimate, margin = 0.02): VerdictFact['findings'][number] {
  const { low, high } = interval ?? { low: null, high: null };
  const outcome = (low ?? -1) > -margin ? 'pass' : (high ?? 0) < -margin ? 'fail' : 'inconclusive';
  return { metric, where, outcome, low, value, high, method: 'simulated' };
}

type Estimate = PredictionFact['field'];

function estimate(value: number, error: number): Estimate {
  const [half, rounded] = [1.645 * error, Math.round(value * 1e6) / 1e6];
  return { value: rounded, interval: { low: rounded - half, high: rounded + half }, method: 'simulated', clusters: 40, n: 480 };
}

function normal(next: Random): number {
  return normalQuantile(Math.min(1 - 1e-9, Math.max(1e-9, next())));
}

/** The record that a fact will be. */
export function idOf(fact: AnyFact): Digest {
  return digestOfJson(asWritten(fact));
}
