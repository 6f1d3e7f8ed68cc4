import type { Blob } from './image.ts';

/** Bytes that a site must download for `wanted` layers when it holds the `held` ones already. */
export function payload(held: readonly Pick<Blob, 'digest'>[], wanted: readonly Blob[]): number {
  const here = new Set(held.map((layer) => layer.digest));
  const missing = new Map(wanted.filter((layer) => !here.has(layer.digest)).map((layer) => [layer.digest, layer.size]));
  return [...missing.values()].reduce((sum, size) => sum + size, 0);
}
