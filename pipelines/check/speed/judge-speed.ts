import {
  estimateRatio,
  findWarmUp,
  judgeBudget,
  judgeLatency,
  percentilesOf,
  type Arm,
  type Finding,
  type LatencyBlock,
  type LatencyMetric,
} from '#eval';
import type { LatencyReport } from '#report';
import type { SpeedQuestion } from './speed-questions.ts';

/** One measurement. `enrolled`: whether this host has the key under which the chipset was enrolled. */
export type SpeedMeasured = { blocks: readonly LatencyBlock[]; attempt: 1 | 2; enrolled: boolean };

export type SpeedVerdict = { findings: Finding[]; report: Omit<LatencyReport, 'key'>; measureAgain: boolean; notes: string[] };

const SHOWN = 400;

/** What one measurement says of every latency gate and budget of a chipset. */
export function judgeSpeed(
  { here, gates, budgets, against }: Omit<SpeedQuestion, 'baseline'>,
  { blocks, attempt, enrolled }: SpeedMeasured,
): SpeedVerdict {
  const chipset = here.chipset.name;
  const isFirst = against === 'nothing';
  const remeasured = attempt === 2;
  const verdicts = isFirst ? [] : gates.map((gate) => judgeLatency({ gate, chipset, against: 'baseline', blocks, remeasured }));
  const all = timesOf(blocks, 'candidate');
  const warmUp = findWarmUp(all);
  const milliseconds = all.slice(warmUp.from);
  const kept = Object.entries(budgets) as [LatencyMetric, number][];
  const absolute = kept.map(([metric, budget]) => judgeBudget({ metric, chipset, budget, milliseconds, keyMatches: enrolled }));
  return {
    findings: [...verdicts.map(({ finding }) => (against === 'itself' ? passedByIdentity(finding) : finding)), ...absolute],
    measureAgain: against !== 'itself' && verdicts.some((verdict) => verdict.measureAgain),
    notes: warmUp.steady ? [] : [`Latency on ${chipset} had not settled by the end: its percentiles may drift.`],
    report: {
      chipset,
      enrolled,
      candidate: thinned(milliseconds),
      baseline: isFirst ? null : thinned(timesOf(blocks, 'reference')),
      ratio: isFirst ? null : estimateRatio(blocks, 'candidate', 'latency-p50'),
      control: isFirst ? null : estimateRatio(blocks, 'control', 'latency-p50'),
      percentiles: percentilesOf(milliseconds),
      requests: milliseconds.length,
    },
  };
}

function passedByIdentity(finding: Finding): Finding {
  return { ...finding, outcome: 'pass', identical: true, reason: 'the same release, so it is as fast as itself', remedy: null };
}

function timesOf(blocks: readonly LatencyBlock[], wanted: Arm): number[] {
  return blocks.flatMap(({ arm, milliseconds }) => (arm === wanted ? milliseconds : []));
}

/** Evenly spaced order statistics: the shape of the distribution survives, a hundred thousand points do not. */
function thinned(values: readonly number[]): number[] {
  const sorted = values.toSorted((a, b) => a - b);
  if (sorted.length <= SHOWN) return sorted;
  return Array.from({ length: SHOWN }, (_, index) => sorted[Math.round((index * (sorted.length - 1)) / (SHOWN - 1))] ?? 0);
}
