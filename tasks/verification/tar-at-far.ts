import { byScore } from '../area-under-roc.ts';
import type { PooledMetric, Prepared } from '../metric.ts';
import { orderOf } from './confused.ts';
import type { PairTrial } from './trial.ts';

/** True accepts where of a hundred different pairs at most one is accepted, of a thousand, of ten thousand. */
export const tarAtFar = [1e-2, 1e-3, 1e-4].map((far): PooledMetric<PairTrial> => ({
  name: `tar-at-far-${far.toExponential()}`,
  title: `true accept rate at a false accept rate of ${far.toExponential()}`,
  kind: 'pooled',
  unit: 'fraction',
  better: 'more',
  inWords: `the share of same pairs that are accepted where at most 1 in ${Math.round(1 / far)} different pairs is`,
  counted: 'same pairs and allowed false accepts',
  clusters: 'identities',
  prepare: (trials) => acceptedAt(trials, far),
}));

/**
 * The true accept rate at the lowest threshold whose false accept rate is no higher than `far` (ISO/IEC 19795-1:2021; as NIST's FRTE
 * reports 1 - FNMR at a given FMR). Scores that are equal are accepted together or not at all, so that the rate may stay below `far`;
 * nothing is interpolated. With fewer different pairs than 1 / far it is not defined: no threshold of theirs shows such a rate. An
 * interval takes 30 times as many, Doddington's rule of 30 (Doddington, Przybocki, Martin and Reynolds 2000, Speech Communication 31:225).
 */
function acceptedAt(trials: readonly PairTrial[], far: number): Prepared {
  const { order, begins } = byScore(trials.map(orderOf));
  const same = Uint8Array.from(trials, (trial) => Number(trial.same));
  const sames = same.reduce((sum, one) => sum + one, 0);
  const differents = trials.length - sames;
  const failed = trials.filter(({ score }) => score === null).length;
  // Of 10,000 pairs 1e-4 is one, whatever the last digit of the product says.
  const allowed = Math.floor(differents * far + 1e-9);
  const missing =
    sames === 0
      ? 'no pairs of the same'
      : allowed < 1
        ? `${differents} different pairs, and ${Math.round(1 / far)} is the least in which such a rate can be seen`
        : null;
  const people = new Set(trials.flatMap(({ same: isSame, cluster }) => (isSame ? [String(cluster)] : [])));
  return {
    value: (weights) => (missing === null ? walk({ order, begins, same, failed }, weights, far) : null),
    support: Math.min(sames, allowed),
    shareOf: people.size,
    ...(missing === null ? {} : { missing }),
  };
}

type Ordered = { order: Uint32Array; begins: Uint8Array; same: Uint8Array; failed: number };

function walk({ order, begins, same, failed }: Ordered, weights: Float64Array, far: number): number | null {
  let [sames, differents] = [0, 0];
  for (let at = 0; at < weights.length; at += 1) {
    if (same[at] === 1) sames += weights[at] ?? 0;
    else differents += weights[at] ?? 0;
  }
  if (sames === 0 || differents === 0) return null;
  const most = differents * far + 1e-9;
  let [accepted, falsely, acceptedAtThreshold] = [0, 0, 0];
  for (let place = order.length - 1; place >= failed; place -= 1) {
    const at = order[place] ?? 0;
    if (same[at] === 1) accepted += weights[at] ?? 0;
    else falsely += weights[at] ?? 0;
    if (falsely > most) break;
    if (begins[place] === 1) acceptedAtThreshold = accepted;
  }
  return acceptedAtThreshold / sames;
}
