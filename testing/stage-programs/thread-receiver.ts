/** A thread that receives over shared memory and does nothing else: it says that it is there, and at the end what it got. */
import { parentPort, workerData } from 'node:worker_threads';
import type { Edge } from '#carriers';
import { threadMemoryCarrier } from '#carriers/adapters';

const { memory, edge, count } = workerData as { memory: SharedArrayBuffer; edge: Edge; count: number };
const receiver = await threadMemoryCarrier(() => memory).openReceiver(edge);
// oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread's port, not a window
const tell = (what: unknown) => parentPort?.postMessage(what);
tell('ready');
const got: [camera: string, sequence: number, sum: number][] = [];
for await (const { label, bytes } of receiver.receive()) {
  got.push([label.camera, label.sequence, bytes.reduce((sum, byte) => sum + byte, 0)]);
  if (got.length === count) break;
}
tell(got);
