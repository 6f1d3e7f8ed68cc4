import { byScore } from '../area-under-roc.ts';

/** One pair, as far as a threshold sees it: null is below every threshold. */
export type ScoredPair = { same: boolean; score: number | null };

/** The score by which a pair is ordered. */
export function orderOf({ score }: Pick<ScoredPair, 'score'>): number {
  return score ?? Number.NEGATIVE_INFINITY;
}

/**
 * For each pair, the share of those of the other kind that lie on the wrong side of it, ties counted half: different pairs that look
 * at least as alike as a same one, and the other way round. Its mean over the same pairs is one minus the area under the ROC curve.
 */
export function shareOfOtherKind(pairs: readonly ScoredPair[]): Float64Array {
  const { order, begins } = byScore(pairs.map(orderOf));
  const total = { same: pairs.filter(({ same }) => same).length, different: pairs.filter(({ same }) => !same).length };
  const shares = new Float64Array(pairs.length);
  let below = { same: 0, different: 0 };
  for (let from = 0; from < order.length;) {
    let to = from + 1;
    while (to < order.length && begins[to] !== 1) to += 1;
    const members = order.subarray(from, to);
    const same = members.reduce((sum, at) => sum + Number(pairs[at]?.same ?? false), 0);
    const here = { same, different: members.length - same };
    const above = total.different - below.different - here.different / 2;
    const under = below.same + here.same / 2;
    for (const at of members) shares[at] = pairs[at]?.same === true ? share(above, total.different) : share(under, total.same);
    below = { same: below.same + here.same, different: below.different + here.different };
    from = to;
  }
  return shares;
}

function share(of: number, all: number): number {
  return all === 0 ? 0 : of / all;
}
