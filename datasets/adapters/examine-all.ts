import { availableParallelism } from 'node:os';
import { Worker } from 'node:worker_threads';
import { examine, type Examined, type ToExamine } from './examine.ts';

/** Files that a thread gets at once: enough that handing them over costs nothing, few enough that all end together. */
const BATCH = 32;

/** Examines files on all processors, and gives what each is in their order. @param onDone is told how many more are done */
export async function examineAll(files: readonly ToExamine[], onDone: (count: number) => void): Promise<readonly Examined[]> {
  const batches = Array.from({ length: Math.ceil(files.length / BATCH) }, (_, index) =>
    files.slice(index * BATCH, (index + 1) * BATCH),
  );
  const threads = Math.min(availableParallelism(), batches.length);
  if (threads < 2) return await examineHere(files, onDone);
  const found: (readonly Examined[])[] = [];
  let next = 0;
  const take = async (): Promise<void> => {
    const worker = new Worker(new URL('./examine-worker.ts', import.meta.url));
    try {
      while (next < batches.length) {
        const index = next;
        next += 1;
        found[index] = await ask(worker, batches[index] ?? []);
        onDone(found[index].length);
      }
    } finally {
      await worker.terminate();
    }
  };
  await Promise.all(Array.from({ length: threads }, take));
  return found.flat();
}

async function examineHere(files: readonly ToExamine[], onDone: (count: number) => void): Promise<readonly Examined[]> {
  const found: Examined[] = [];
  for (const file of files) {
    found.push(await examine(file));
    onDone(1);
  }
  return found;
}

function ask(worker: Worker, files: readonly ToExamine[]): Promise<readonly Examined[]> {
  const { promise, resolve, reject } = Promise.withResolvers<readonly Examined[]>();
  worker.once('message', resolve);
  worker.once('error', reject);
  // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread, not a window
  worker.postMessage(files);
  return promise.finally(() => worker.off('message', resolve).off('error', reject));
}
