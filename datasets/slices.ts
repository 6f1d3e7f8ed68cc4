import type { Clip, Sample } from './dataset.ts';

/** Slice name -> value: the site and the conditions of a clip, the further CSV columns of a sample. */
export function slicesOf(item: Clip | Sample): Readonly<Record<string, string>> {
  return 'slices' in item ? item.slices : { ...item.conditions, site: item.site };
}

/** The value under which an item falls in slices of this name; undefined when it says nothing of it. */
export function sliceValue(item: Clip | Sample, name: string): string | undefined {
  const slices = slicesOf(item);
  return Object.hasOwn(slices, name) ? slices[name] : undefined;
}
