/** The best classes of one sample, best first, with their scores; ties go to the lowest index. */
export type Ranked = { ranked: number[]; scores: number[]; more: number };

/**
 * The best classes of one sample, and those that are no worse than the last of them: whoever breaks ties otherwise could rank these
 * as well. A later class must be strictly better to go ahead.
 * @param scores one per class
 * @param kept how many classes are ranked
 * @param most how many are listed where some share the last score; `more` is how many others share it
 * @throws RangeError when a score is NaN, for such scores have no order
 */
export function rankScores(scores: Float32Array, kept: number, most: number): Ranked {
  const unranked = scores.findIndex((score) => Number.isNaN(score));
  if (unranked >= 0) throw new RangeError(`the score of class ${unranked} is NaN`);
  const best = bestClasses(scores, kept);
  const last = scores[best.at(-1) ?? -1] ?? Number.NaN;
  const equals = [...scores.keys()].filter((index) => scores[index] === last && !best.includes(index));
  const ranked = [...best, ...equals.slice(0, most - best.length)];
  return {
    ranked,
    scores: ranked.map((index) => scores[index] ?? Number.NaN),
    more: best.length + equals.length - ranked.length,
  };
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
