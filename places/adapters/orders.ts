import { createInterface } from 'node:readline';
import type { Order, Saying } from '../spec.ts';

/** What the harness says to this process, line by line. It wrote it itself, so it is taken at its word. */
export async function* orders(): AsyncGenerator<Order> {
  for await (const line of createInterface({ input: process.stdin })) yield JSON.parse(line) as Order;
}

export function say(saying: Saying): void {
  process.stdout.write(`${JSON.stringify(saying)}\n`);
}
