import type { SampleTrial } from '../trial.ts';

const KEPT = 5;

/**
 * Reduces the scores of one sample, one per class, to what any top-k metric needs.
 * @throws RangeError when a score is NaN, or when there is none for the true class: such an answer has no ranking
 */
export function rankScores(scores: Float32Array, truth: number): Omit<SampleTrial, 'sample' | 'truth'> {
  const unranked = scores.findIndex((score) => Number.isNaN(score));
  if (unranked >= 0) throw new RangeError(`the score of class ${unranked} is NaN`);
  const ofTruth = scores[truth];
  if (ofTruth === undefined) throw new RangeError(`class ${truth} is not among the ${scores.length} scores`);
  const ranked = bestClasses(scores);
  const best = scores[ranked[0] ?? 0] ?? ofTruth;
  const tied = scores.filter((score) => score === best).length > 1;
  return { ranked, score: { truth: ofTruth, best }, tied };
}

/** The five best classes, best first. A later class must be strictly better to go ahead: ties go to the lowest index. */
function bestClasses(scores: Float32Array): number[] {
  const best: number[] = [];
  scores.forEach((score, index) => {
    const at = best.findIndex((kept) => score > (scores[kept] ?? score));
    const place = at < 0 ? best.length : at;
    if (place >= KEPT) return;
    best.splice(place, 0, index);
    best.length = Math.min(best.length, KEPT);
  });
  return best;
}
