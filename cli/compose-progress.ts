import { systemClock } from '#kernel';
import { type TerminalProgress, terminalProgress } from './progress.ts';
import type { Terminal } from './terminal.ts';

export function progressOn({ err, colour }: Terminal): TerminalProgress {
  return terminalProgress(err, systemClock, colour);
}
