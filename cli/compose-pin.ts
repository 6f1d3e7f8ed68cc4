import { resolve } from 'node:path';
import { type PinnedDataset, pinDataset } from '#datasets/adapters';
import { progressOn } from './compose-progress.ts';
import type { Terminal } from './terminal.ts';

export function composePin(
  repo: string,
  terminal: Terminal,
): (manifest: string, options?: { anew?: boolean; keepBad?: boolean }) => Promise<PinnedDataset> {
  const folder = resolve(terminal.cwd, repo);
  return async (manifest, { anew = false, keepBad = false } = {}) => {
    const progress = progressOn(terminal);
    return await pinDataset(manifest, folder, { progress, anew, keepBad }).finally(() => progress.close());
  };
}
