import { LEVEL } from '../stats/level.ts';

/**
 * The least loss of a share that so many samples or clips could rule out, even where the models agree in all of them: what one of
 * many could still hide (Clopper and Pearson 1934, with nothing seen).
 */
export function shareAtBest(clusters: number): number {
  return clusters < 1 ? 1 : 1 - (1 - LEVEL) ** (1 / clusters);
}

/** Margins that people write. */
const ROUND = [0.01, 0.02, 0.03, 0.05, 0.1, 0.15, 0.2, 0.3, 0.5] as const;

/** The least such margin, of 2% or more, that leaves room for models to differ at all: twice what could be hidden. */
export function marginFor(clusters: number): number {
  return ROUND.find((margin) => margin >= 0.02 && margin >= 2 * shareAtBest(clusters)) ?? 0.5;
}
