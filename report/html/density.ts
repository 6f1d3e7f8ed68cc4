import { deviation, quantileSorted, sum } from 'd3-array';
import { area, curveBasis } from 'd3-shape';

const STEPS = 120;

type Density = readonly (readonly [at: number, height: number])[];

/**
 * A Gaussian kernel density over `domain` in percent of its width.
 * Bandwidth: Silverman 1986, equation 3.31. @param points ascending, at least two
 */
export function densityOf(points: readonly number[], [low, high]: readonly [number, number]): Density {
  const spread = (quantileSorted([...points], 0.75) ?? 0) - (quantileSorted([...points], 0.25) ?? 0);
  const scale = Math.min(deviation(points) ?? 0, spread / 1.34) || (high - low) / 50;
  const bandwidth = Math.max(0.9 * scale * points.length ** -0.2, (high - low) / 300);
  const norm = points.length * bandwidth;
  return Array.from({ length: STEPS + 1 }, (_, step) => {
    const at = low + ((high - low) * step) / STEPS;
    return [(100 * step) / STEPS, sum(points, (point) => Math.exp(-0.5 * ((point - at) / bandwidth) ** 2)) / norm];
  });
}

/** A path in a box of 100 by 2 around the line y = 0, upward unless `down`. */
export function densityPath(density: Density, tallest: number, down: boolean): string {
  const sign = down ? 0.96 : -0.96;
  const draw = area<readonly [number, number]>()
    .x(([at]) => at)
    .y0(0)
    .y1(([, height]) => (sign * height) / tallest)
    .curve(curveBasis)
    .digits(3);
  return draw([...density]) ?? '';
}
