import { tQuantile } from '../distributions.ts';
import { LEVEL } from '../level.ts';
import { linearised, type Candidate } from './candidate.ts';

/**
 * The bias-reduced cluster-robust interval CR2 with Satterthwaite's degrees of freedom (Bell and McCaffrey 2002, Survey Methodology
 * 28:169; Pustejovsky and Tipton 2018, JBES 36:672), of a mean weighted by size with independent units as working model. With
 * equal clusters it is Student's. Symmetric by construction.
 */
export const sandwich: Candidate = (sums) => {
  const { ratio } = linearised(sums);
  const weight = sums.weights.reduce((sum, own) => sum + own, 0);
  let [squares, own, scaledOwn, scaledSquares] = [0, 0, 0, 0];
  for (const [at, size] of sums.weights.entries()) {
    const leverage = size / weight;
    squares += ((sums.differences[at] ?? 0) - ratio * size) ** 2 / (1 - leverage);
    own += size ** 2;
    scaledOwn += size ** 2 / (1 - leverage);
    scaledSquares += (size ** 2 / (1 - leverage)) ** 2;
  }
  const freedom = weight ** 2 / (own + (scaledOwn ** 2 - scaledSquares) / weight ** 2);
  const half = (tQuantile(LEVEL, freedom) * Math.sqrt(squares)) / weight;
  return { low: ratio - half, high: ratio + half };
};
