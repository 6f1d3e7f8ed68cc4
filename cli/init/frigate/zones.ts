import type { FrigateZone } from './frigate-config.ts';

/** [x, y] as shares of width and height. */
export type Polygon = readonly (readonly [number, number])[];

const MOST_POINTS = 1000;

/**
 * A zone's `coordinates`: `x,y,x,y,...` or a list of `x,y`, as shares of the picture or, as older versions wrote them, as pixels of the
 * pictures that are looked at. What lies outside the picture is moved to its edge.
 */
export function polygonOf(
  { coordinates }: Pick<FrigateZone, 'coordinates'>,
  size: { width: number; height: number } | null,
): { polygon: Polygon } | { fault: string; remedy: string } {
  const numbers = coordinates.flatMap((part) => part.split(',').map((one) => (one.trim() === '' ? Number.NaN : Number(one))));
  if (numbers.length % 2 !== 0 || numbers.some((one) => !Number.isFinite(one)) || numbers.length > 2 * MOST_POINTS) {
    return { fault: 'these are no pairs of numbers', remedy: 'draw the zone anew in Frigate, or correct its coordinates' };
  }
  if (numbers.length < 6) return { fault: 'a zone needs three points', remedy: 'draw the zone anew in Frigate' };
  const arePixels = numbers.some((one) => one > 1);
  if (arePixels && size === null) {
    return {
      fault: 'these are pixels, and nothing says of how many',
      remedy: 'set detect.width and detect.height of this camera',
    };
  }
  const { width, height } = arePixels && size !== null ? size : { width: 1, height: 1 };
  const at = (index: number, whole: number) =>
    Math.round(Math.min(1, Math.max(0, (numbers[index] ?? 0) / whole)) * 10_000) / 10_000;
  return {
    polygon: Array.from({ length: numbers.length / 2 }, (_, point) => [at(2 * point, width), at(2 * point + 1, height)] as const),
  };
}
