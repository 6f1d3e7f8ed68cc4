import { parentPort } from 'node:worker_threads';
import { examine, type Examined, type ToExamine } from './examine.ts';

/** Examines some files at a time, and says what they are, in their order. */
parentPort?.on('message', (files: readonly ToExamine[]) => void answer(files));

async function answer(files: readonly ToExamine[]): Promise<void> {
  const found: Examined[] = [];
  for (const file of files) found.push(await examine(file));
  // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread's port, not a window
  parentPort?.postMessage(found);
}
