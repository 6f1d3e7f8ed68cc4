import { posix } from 'node:path';
import { parseManifest, type DatasetManifest } from './manifest.ts';
import { textsOfTruth } from './truth-schemas.ts';

/**
 * Every place that a manifest names, below the folder that its own path is relative to: its pins, its lists, its data. None where
 * it cannot be read: whoever opens it says why. Some may lie outside that folder.
 */
export function filesOfManifest(text: string, manifest: string): readonly string[] {
  let named: readonly string[];
  try {
    const { value } = parseManifest(text, manifest);
    const classes = 'classes' in value ? asPath(value.classes) : [];
    named = [value.pins, value.root, ...classes, ...listsOf(value)];
  } catch {
    return [];
  }
  return named.map((name) => posix.join(posix.dirname(manifest), name));
}

function listsOf(manifest: DatasetManifest): readonly string[] {
  if ('truth' in manifest) return textsOfTruth(manifest.truth);
  if (manifest.kind === 'replay') return asPath(manifest.clips);
  return 'csv' in manifest.samples ? [manifest.samples.csv] : [];
}

function asPath(value: unknown): string[] {
  return typeof value === 'string' ? [value] : [];
}
