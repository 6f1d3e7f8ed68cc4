import { posix } from 'node:path';
import { parseManifest } from './manifest.ts';

/**
 * Every place that a manifest names, below the folder that its own path is relative to: its pins, its lists, its data. None where
 * it cannot be read: whoever opens it says why. Some may lie outside that folder.
 */
export function filesOfManifest(text: string, manifest: string): readonly string[] {
  const read = () => parseManifest(text, manifest).value;
  let named: readonly string[];
  try {
    const { pins, root, classes, ...rest } = read();
    const lists = rest.kind === 'research' ? ('csv' in rest.samples ? [rest.samples.csv] : []) : [rest.clips].flatMap(asPath);
    named = [pins, root, ...asPath(classes), ...lists];
  } catch {
    return [];
  }
  return named.map((name) => posix.join(posix.dirname(manifest), name));
}

function asPath(value: unknown): string[] {
  return typeof value === 'string' ? [value] : [];
}
