import { decide } from '../decide.ts';
import type { Finding, FindingKey } from '../finding.ts';
import type { Estimate, LatencyGate, LatencyMetric } from '../gate.ts';
import { dataThatDecides } from '../more-data.ts';
import { normalQuantile } from '../stats/distributions.ts';
import { minimumDetectableEffect, Z } from '../stats/level.ts';
import { explainOutcome } from '../wording.ts';
import { estimateSpeedUp } from './estimate-ratio.ts';
import { PRECISE } from './is-precise.ts';
import { IN_WORDS, percentilesOf } from './percentiles.ts';
import type { Arm, LatencyBlock } from './plan-blocks.ts';

export type LatencyQuestion = {
  gate: LatencyGate;
  chipset: string;
  against: 'baseline' | 'anchor';
  blocks: readonly LatencyBlock[];
  /** Whether this is the second attempt: then nothing more is asked of the machine. */
  remeasured: boolean;
};

/** `measureAgain`: the machine was disturbed and so left the gate undecided; a second measurement may be made, once. */
export type LatencyVerdict = { finding: Finding; measureAgain: boolean };

/**
 * Whether the candidate is as fast as the reference, but for the margin. The reference's own copy ran beside it: when the
 * two differ, or can't be told to be alike, the machine was disturbed, and nothing passes.
 */
export function judgeLatency({ gate, chipset, against, blocks, remeasured }: LatencyQuestion): LatencyVerdict {
  const { metric } = gate;
  const margin = Math.log1p(gate.margin);
  const key: FindingKey = {
    metric,
    unit: 'ratio',
    better: 'less',
    dataset: null,
    chipset,
    slice: null,
    against,
    role: 'decides',
    margin,
  };
  const gain = estimateSpeedUp(blocks, 'candidate', metric);
  const control = estimateSpeedUp(blocks, 'control', metric);
  const disturbance = disturbanceOf(control, margin);
  const outcome = disturbance === null ? decide(gain.interval, margin) : decideDisturbed(gain, control, margin);
  const disturbed = outcome === 'inconclusive' && disturbance !== null;
  const explained = gain.value === null ? gain.method : explainOutcome(IN_WORDS[metric], { ...gain, value: gain.value }, key);
  const finding: Finding = {
    ...key,
    candidate: percentileOf(blocks, 'candidate', metric),
    reference: percentileOf(blocks, 'reference', metric),
    gain,
    minimumDetectableEffect: gain.interval === null ? null : minimumDetectableEffect(gain.interval),
    outcome,
    identical: false,
    reason: disturbed ? disturbance : explained,
    remedy: outcome === 'inconclusive' ? remedyOf(gain, margin, disturbed) : null,
  };
  return { finding, measureAgain: disturbed && !remeasured };
}

/** The 90% interval leaves 1 out in one quiet run of ten, so it takes one of 99%, and a sixth of the margin, to speak of one. */
const DISTURBED = normalQuantile(0.995) / Z;

function disturbanceOf({ value, interval, method }: Estimate, margin: number): string | null {
  if (value === null || interval === null) return `the deployed model could not be timed against itself (${method})`;
  const half = (interval.high - interval.low) / 2;
  if (half > margin * PRECISE) {
    const known = `two copies of the deployed model can be told alike to ±${percent(half)} only`;
    return `the machine was too noisy to measure speed: ${known}, and it takes ±${percent(margin * PRECISE)}`;
  }
  if (Math.abs(value) <= Math.max(DISTURBED * half, margin / 6)) return null;
  return `the machine was disturbed: of two copies of the deployed model it favoured one by ${percent(Math.abs(value))}`;
}

/** A disturbed machine proves no pass. What is slower by far more than the disturbance is slower all the same. */
function decideDisturbed(ratio: Estimate, control: Estimate, margin: number): 'fail' | 'inconclusive' {
  if (ratio.interval === null || control.interval === null) return 'inconclusive';
  const wobble = Math.max(Math.abs(control.interval.low), Math.abs(control.interval.high));
  return ratio.interval.high + wobble < -margin ? 'fail' : 'inconclusive';
}

function remedyOf({ value, interval, clusters }: Estimate, margin: number, disturbed: boolean): string {
  if (disturbed) return 'measure again while nothing else runs on this machine';
  if (value === null || interval === null) return 'measure more starts';
  const expected = (by: number) => ({
    low: value - (value - interval.low) / Math.sqrt(by),
    high: value + (interval.high - value) / Math.sqrt(by),
  });
  const by = dataThatDecides(expected, margin);
  if (by === null) return 'no realistic number of starts would decide: the speed is too close to the limit';
  return `about ${Math.ceil((by - 1) * clusters)} more starts would decide if they are like these`;
}

function percent(log: number): string {
  return `${(Math.expm1(log) * 100).toFixed(1)}%`;
}

function percentileOf(blocks: readonly LatencyBlock[], arm: Arm, metric: LatencyMetric): number | null {
  return percentilesOf(blocks.flatMap((block) => (block.arm === arm ? block.milliseconds : [])))[metric];
}
