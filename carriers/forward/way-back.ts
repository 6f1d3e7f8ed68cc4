import type { Carrier, Edge, Label, Sender } from '../carrier.ts';
import { acksOf } from './acks.ts';
import { within } from './bell.ts';

/** Milliseconds that saying how far this end is may take. */
const SAID_WITHIN = 2000;

/**
 * The way back, opened when there is something to say. One that takes nothing any more is given up, and another opened for the next:
 * each word says all that was said before it.
 */
export class WayBack {
  readonly #carrier: Carrier;
  readonly #edge: Edge;
  #sender: Sender | null = null;

  constructor(carrier: Carrier, edge: Edge) {
    this.#carrier = carrier;
    this.#edge = acksOf(edge);
  }

  /** @throws CouldNotRun when it cannot be opened */
  async say(label: Label): Promise<void> {
    this.#sender ??= await this.#carrier.openSender(this.#edge);
    const saying = this.#sender.send({ label, bytes: new Uint8Array() }).then(() => true);
    saying.catch(() => {});
    const said = await within(saying, SAID_WITHIN, () => false).catch(() => false);
    if (!said) await this.close();
  }

  async close(): Promise<void> {
    const sender = this.#sender;
    this.#sender = null;
    await sender?.close();
  }
}
