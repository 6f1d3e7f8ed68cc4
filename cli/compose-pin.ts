import { resolve } from 'node:path';
import { systemClock } from '#kernel';
import { pinDataset, type PinnedDataset } from '#datasets/adapters';
import { terminalProgress, type TerminalProgress } from './progress.ts';
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

export function progressOn({ err, colour }: Terminal): TerminalProgress {
  return terminalProgress(err, systemClock, colour);
}
