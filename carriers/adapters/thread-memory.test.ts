import { once } from 'node:events';
import path from 'node:path';
import { Worker } from 'node:worker_threads';
import { describe, expect, it } from 'vitest';
import type { Edge } from '../carrier.ts';
import { threadMemoryCarrier } from './thread-memory.ts';
import { threadMemory } from './thread-ring.ts';

const PROGRAM = path.join(import.meta.dirname, '../../testing/stage-programs/thread-receiver.ts');
const edge: Edge = { name: 'threads', window: 4, largest: 10_000 };

/** A thread that does nothing but receive, and says what it got: of each its camera, sequence and the sum of its bytes. */
async function receivingThread(count: number) {
  const memory = threadMemory(edge);
  const worker = new Worker(PROGRAM, { workerData: { memory, edge, count } });
  await once(worker, 'message');
  const got = once(worker, 'message').then(([all]) => all as [string, number, number][]);
  return { sender: await threadMemoryCarrier(() => memory).openSender(edge), got, worker };
}

const parcelOf = (sequence: number) => ({
  label: { camera: sequence % 3 === 0 ? 'Garten Süd' : 'gate', sequence, capturedAt: sequence + 0.5, promised: false },
  bytes: new Uint8Array(sequence % 500).fill(sequence),
});

describe('memory that two threads share', () => {
  it('brings all that is sent, in order, to a thread that has nothing else to do and sleeps between', async () => {
    const { sender, got, worker } = await receivingThread(3000);
    for (let sequence = 0; sequence < 3000; sequence += 1) {
      await sender.send(parcelOf(sequence));
      // The receiver falls asleep, with nothing that keeps its thread but the edge.
      if (sequence % 1000 === 0) await new Promise((resolve) => setTimeout(resolve, 30));
    }
    const expected = Array.from({ length: 3000 }, (_, sequence) => {
      const { label, bytes } = parcelOf(sequence);
      return [label.camera, sequence, bytes.reduce((sum, byte) => sum + byte, 0)];
    });
    expect(await got).toEqual(expected);
    await sender.close();
    await worker.terminate();
  });
});
