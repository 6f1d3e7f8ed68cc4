/**
 * The best classes of one sample, best first, with their scores. Ties go to the lowest index: a later class must be strictly
 * better to go ahead.
 * @param scores one per class
 * @throws RangeError when a score is NaN, for such scores have no order
 */
export function rankScores(scores: Float32Array, kept: number): { ranked: number[]; scores: number[]; tied: boolean } {
  const unranked = scores.findIndex((score) => Number.isNaN(score));
  if (unranked >= 0) throw new RangeError(`the score of class ${unranked} is NaN`);
  const ranked = bestClasses(scores, kept);
  const best = ranked.map((index) => scores[index] ?? Number.NaN);
  return { ranked, scores: best, tied: scores.filter((score) => score === best[0]).length > 1 };
}

function bestClasses(scores: Float32Array, kept: number): number[] {
  const best: number[] = [];
  scores.forEach((score, index) => {
    const at = best.findIndex((known) => score > (scores[known] ?? score));
    const place = at < 0 ? best.length : at;
    if (place >= kept) return;
    best.splice(place, 0, index);
    best.length = Math.min(best.length, kept);
  });
  return best;
}
