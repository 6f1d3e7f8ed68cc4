import type { Dataset } from '#datasets';
import type { Metric, RatioMetric, Trial } from '#tasks';
import type { Finding } from '../finding.ts';
import type { QualityGate } from '../gate.ts';
import { pairTrials } from '../paired-trials.ts';
import { normalQuantile } from '../stats/distributions.ts';
import { Z } from '../stats/level.ts';
import { failEvidence, STOP_LEVEL } from './fail-watch.ts';

/** A gate of which early looks say something: what it counts has a ceiling that is known before anything is asked. */
export type WatchedGate = QualityGate & { margin: number };

/**
 * The most that one sample or clip can count, where each stands for itself; null where they don't, or where nobody knows.
 * @returns in the denominator of a metric that counts events or samples
 */
function mostOf(dataset: Dataset): number | null {
  if (dataset.task === 'classification') return 1;
  if (dataset.medium !== 'clips' || dataset.cluster === 'site') return null;
  return Math.max(1, ...dataset.clips.map(({ events }) => events.length));
}

/** Whether a gate is watched while its dataset is asked. */
export function isWatched(gate: QualityGate, metric: Metric<Trial>, dataset: Dataset): gate is WatchedGate {
  return (
    gate.margin !== null &&
    !gate.watchOnly &&
    metric.kind === 'ratio' &&
    metric.unit === 'fraction' &&
    metric.spread.kind === 'bounded' &&
    mostOf(dataset) !== null
  );
}

export type EarlyLook = { gate: WatchedGate; metric: Metric<Trial>; dataset: Dataset; chipset: string };

/**
 * What an early look at some of a dataset says against a candidate: a finding that fails, or null while there is not enough. Ties are
 * broken for the candidate and against the reference.
 * @param trials of both sides, in the order that was drawn beforehand
 * @param of how many there are in all
 */
export function lookEarly(
  { gate, metric, dataset, chipset }: EarlyLook,
  trials: { candidate: readonly Trial[]; reference: readonly Trial[] },
  of: number,
): Finding | null {
  const most = mostOf(dataset);
  if (metric.kind !== 'ratio' || metric.spread.kind !== 'bounded' || most === null) return null;
  const pairs = pairTrials(trials.candidate, trials.reference).flatMap(({ candidate, reference }) =>
    reference === null ? [] : [kindly(metric, candidate, reference)],
  );
  if (metric.spread.range(trials.candidate) !== 1) return null;
  const seen = pairs.map(({ gained, lost, denominator }) => ({ gain: gained - lost, denominator }));
  const { enough } = failEvidence(seen, gate.margin, most);
  if (enough === null) return null;
  const total = (amountOf: (pair: (typeof pairs)[number]) => number) => pairs.reduce((sum, pair) => sum + amountOf(pair), 0);
  const denominator = total((pair) => pair.denominator);
  const share = (amount: number) => (denominator === 0 ? null : amount / denominator);
  const [candidate, reference] = [share(total((pair) => pair.candidate)), share(total((pair) => pair.reference))];
  const value = share(total(({ gained, lost }) => gained - lost));
  return {
    metric: metric.name,
    unit: metric.unit,
    better: metric.better,
    dataset: dataset.name,
    chipset,
    slice: null,
    against: 'baseline',
    role: 'decides',
    candidate,
    reference,
    gain: {
      value,
      interval: null,
      method: `stopped early: betting (e-process), ${100 * STOP_LEVEL}% of false fails`,
      clusters: pairs.length,
      n: denominator,
    },
    margin: gate.margin,
    minimumDetectableEffect: null,
    outcome: 'fail',
    identical: false,
    reason: `${metric.inWords} fell by more than is allowed: so much was lost in ${pairs.length} of ${of} drawn at random that the others were not asked`,
    remedy: null,
  };
}

function kindly(metric: RatioMetric<Trial>, candidate: Trial, reference: Trial) {
  return metric.pair(metric.settled?.(candidate, 'for') ?? candidate, metric.settled?.(reference, 'against') ?? reference);
}

/** Early looks have spent a point of the five that a gate may err, so the last look has four: 96% where it was 95%. */
const LAST_LOOK = normalQuantile(1 - (0.05 - STOP_LEVEL)) / Z;

/**
 * A fail of the whole, held against the level that early looks have left: the upper bound lies as much further out as a normal one would.
 * What fails at 95% and not at 96% is undecided.
 */
export function atLastLook(finding: Finding): Finding {
  const { value, interval } = finding.gain;
  if (finding.outcome !== 'fail' || value === null || interval === null) return finding;
  const high = value + (interval.high - value) * LAST_LOOK;
  if (high < -finding.margin) return finding;
  const reason = `${finding.reason}; beyond doubt at 95%, and not at the 96% that early looks have left`;
  return { ...finding, outcome: 'inconclusive', reason, remedy: 'show it a little more data of the same kind' };
}
