import { decide } from '../decide.ts';
import { unmeasured, type Finding } from '../finding.ts';
import type { LatencyMetric } from '../gate.ts';
import { minimumDetectableEffect } from '../stats/level.ts';
import { explainBound } from '../wording.ts';
import { boundPercentile, fewestRequests, IN_WORDS, percentilesOf, shareBelow } from './percentiles.ts';

const METHOD = 'order statistics (distribution-free)';

export type BudgetQuestion = {
  metric: LatencyMetric;
  chipset: string;
  /** Milliseconds. */
  budget: number;
  /** Of the candidate's requests, warm-up dropped. */
  milliseconds: readonly number[];
  /** Whether this host has the key under which the chipset was enrolled: milliseconds of another say nothing. */
  keyMatches: boolean;
};

/** Whether a percentile of the candidate's latency keeps an absolute budget. On another key it is shown, and decides nothing. */
export function judgeBudget({ metric, chipset, budget, milliseconds, keyMatches }: BudgetQuestion): Finding {
  const value = percentilesOf(milliseconds)[metric];
  const bounds = value === null ? null : boundPercentile(milliseconds, shareBelow[metric]);
  const key = {
    metric,
    unit: 'milliseconds',
    better: 'less',
    dataset: null,
    chipset,
    slice: null,
    against: 'budget',
    role: keyMatches ? 'decides' : 'watches',
    margin: 0,
  } as const;
  const n = milliseconds.length;
  const base = { ...key, candidate: value, reference: budget, identical: false };
  if (value === null || bounds === null) {
    return {
      ...base,
      gain: { ...unmeasured(`no ${metric.replace('latency-', '')}: n = ${n} < ${fewestRequests[metric]}`), n },
      minimumDetectableEffect: null,
      outcome: 'inconclusive',
      reason: `${n} requests are too few to tell ${IN_WORDS[metric]}`,
      remedy: `measure ${fewestRequests[metric]} requests or more`,
    };
  }
  const interval = { low: budget - bounds.high, high: budget - bounds.low };
  const outcome = keyMatches ? decide(interval, 0) : 'inconclusive';
  return {
    ...base,
    gain: { value: budget - value, interval, method: METHOD, clusters: n, n },
    minimumDetectableEffect: minimumDetectableEffect(interval),
    outcome,
    reason: keyMatches
      ? explainBound(IN_WORDS[metric], { value, bound: budget, interval, method: METHOD }, key)
      : `this host isn't the one that ${chipset} was enrolled on, so its milliseconds say nothing`,
    remedy: outcome === 'inconclusive' ? remedyOf(keyMatches, chipset) : null,
  };
}

function remedyOf(keyMatches: boolean, chipset: string): string {
  return keyMatches
    ? 'measure more requests: the percentile is too close to its budget'
    : `measure on the host of ${chipset}, or enrol this one`;
}
