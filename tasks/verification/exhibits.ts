import type { Exhibit } from '../exhibit.ts';
import type { PairTrial } from './trial.ts';

/** A smaller change than one in a hundred pairs of the other kind is no picture worth. */
const LEAST = 0.01;

/** A pair that is told from those of the other kind less well than before, or better; needs no threshold. */
export function pairExhibits({ candidate: after, reference: before }: { candidate: PairTrial; reference: PairTrial }): Exhibit[] {
  const change = after.confused - before.confused;
  const failed = after.notFound.length - before.notFound.length;
  if (Math.abs(change) < LEAST && failed === 0) return [];
  const isLost = failed === 0 ? change > 0 : failed > 0;
  const { a, b, slices } = after;
  const [was, is] = [described(before), described(after)];
  return [
    {
      change: isLost ? 'lost' : 'gained',
      id: a,
      beside: [b],
      at: null,
      caption: `${after.same ? 'the same' : 'different'}: ${is}, was ${was}`,
      slices,
      weight: Math.abs(change) + Math.abs(failed),
    },
  ];
}

/** A pair that lies on the wrong side of some of the other kind; the more, the clearer. */
export function pairMisses(trial: PairTrial): Exhibit[] {
  const { a, b, same, confused, slices, notFound } = trial;
  if (confused < LEAST && notFound.length === 0) return [];
  const caption = `${same ? 'the same' : 'different'}: ${described(trial)}`;
  return [{ change: 'lost', id: a, beside: [b], at: null, caption, slices, weight: confused + notFound.length }];
}

/** Cosine, and of how many of the other kind that is the wrong side. */
function described({ score, notFound, same, confused }: PairTrial): string {
  if (score === null) return `nothing found in ${notFound.length === 2 ? 'either' : (notFound[0] ?? 'one')}`;
  const share = `${Number((confused * 100).toPrecision(2))}%`;
  return `${score.toFixed(2)}, ${same ? `less alike than ${share} of different pairs` : `more alike than ${share} of same pairs`}`;
}
