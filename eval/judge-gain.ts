import { decide } from './decide.ts';
import type { Finding } from './finding.ts';
import { nothingToMeasure } from './nothing-measured.ts';
import { pooledGain, pooledValue } from './pooled-gain.ts';
import { ratioGain, ratioValue } from './ratio-gain.ts';
import { minimumDetectableEffect } from './stats/level.ts';
import { explainOutcome } from './wording.ts';
import type { Asked } from './asked.ts';

/** Whether a candidate is as good as a reference, but for the margin, on these trials. */
export function judgeGain(asked: Asked): Finding {
  const { metric, key, trials } = asked;
  const gain = metric.kind === 'ratio' ? ratioGain({ ...asked, metric }) : pooledGain({ ...asked, metric });
  if (gain === null) return nothingToMeasure(asked);
  const { value, interval, method, clusters } = gain;
  const outcome = decide(interval, key.margin);
  const detail = metric.detail?.(trials.map(({ candidate }) => candidate)) ?? '';
  const beside = [gain.change, detail].filter((text) => text !== '').join('; ');
  return {
    ...key,
    candidate: gain.candidate,
    reference: gain.reference,
    gain: { value, interval, method, clusters, n: trials.length },
    minimumDetectableEffect: interval === null ? null : minimumDetectableEffect(interval),
    outcome,
    identical: false,
    reason: `${explainOutcome(metric.inWords, gain, key)}${beside === '' ? '' : ` (${beside})`}`,
    remedy: outcome === 'inconclusive' ? gain.remedy() : null,
  };
}

/** The same release on the same inputs cannot differ from itself. */
export function judgeIdentical({ metric, key, trials }: Asked): Finding {
  const own = trials.map(({ candidate }) => candidate);
  const value = metric.kind === 'ratio' ? ratioValue(metric, own) : pooledValue(metric, own);
  return {
    ...key,
    candidate: value,
    reference: value,
    gain: { value: 0, interval: { low: 0, high: 0 }, method: 'identity', clusters: trials.length, n: trials.length },
    minimumDetectableEffect: 0,
    outcome: 'pass',
    identical: true,
    reason: 'the same release on the same inputs',
    remedy: null,
  };
}
