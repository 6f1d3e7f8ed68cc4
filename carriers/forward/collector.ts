import type { Clock } from '#kernel';
import type { Carrier, Edge, Label, Parcel, Sender } from '../carrier.ts';
import { Mailbox } from '../mailbox.ts';
import { acksOf } from './acks.ts';
import { Bell, within } from './bell.ts';
import { bundling, unbundle } from './bundle.ts';
import type { Inbox } from './stores.ts';

export type CollectorOptions = {
  carrier: Carrier;
  edge: Edge;
  inbox: Inbox;
  clock: Clock;
  /** Told of what keeps it from taking anything, a full disk for example. */
  onTrouble?: (trouble: unknown) => void;
};

/** Milliseconds until what went wrong is tried again. */
const RETRY = 300;

/**
 * The far end of a link: what was promised is confirmed once it is on a disk here, and given out once, in the order in which it comes:
 * that of its capture among what waited. What nobody was done with is given out again by whoever comes after a crash.
 */
export class Collector {
  readonly #options: CollectorOptions;
  readonly #changed = new Bell();
  readonly #frames: Mailbox<Parcel>;
  readonly #closing = Promise.withResolvers<void>();
  readonly #running: Promise<unknown>;
  #closed = false;

  constructor(options: CollectorOptions) {
    this.#options = options;
    this.#frames = new Mailbox(options.edge.window);
    this.#running = this.#run();
  }

  /** Parcels, what was promised first. One is done with when the next is asked for. */
  async *receive(): AsyncGenerator<Parcel, undefined> {
    while (!this.#closed) {
      const heard = this.#changed.heard;
      const promised = await this.#options.inbox.next();
      if (promised !== null) {
        yield promised.parcel;
        await this.#options.inbox.done(promised.id);
        continue;
      }
      const frame = this.#frames.take();
      if (frame !== null) yield frame;
      else await this.#changed.wait(heard, 60_000);
    }
    return undefined;
  }

  async close(): Promise<void> {
    this.#closed = true;
    this.#closing.resolve();
    this.#frames.close();
    this.#changed.ring();
    await this.#running;
  }

  async #run(): Promise<void> {
    while (!this.#closed) {
      try {
        await this.#connected();
      } catch (thrown) {
        this.#options.onTrouble?.(thrown);
        await within(this.#closing.promise, RETRY, () => {});
      }
    }
  }

  async #connected(): Promise<void> {
    const { carrier, edge } = this.#options;
    const receiver = await carrier.openReceiver(bundling(edge));
    let acks: Sender | null = null;
    const end = async () => {
      await receiver.close();
      await acks?.close();
    };
    void this.#closing.promise.then(end);
    try {
      for await (const parcel of receiver.receive()) {
        if (this.#closed) return;
        if (parcel.label.kept === undefined) await this.#frames.put(copied(parcel));
        else {
          acks ??= await carrier.openSender(acksOf(edge));
          await this.#accept(acks, parcel, parcel.label.kept);
        }
        this.#changed.ring();
      }
    } finally {
      await end();
    }
  }

  async #accept(acks: Sender, parcel: Parcel, { by }: NonNullable<Label['kept']>): Promise<void> {
    const { inbox, clock } = this.#options;
    const { upTo } = await inbox.accept(unbundle(parcel));
    const label = { camera: by, sequence: upTo, capturedAt: clock.now().getTime(), promised: false };
    await within(acks.send({ label, bytes: new Uint8Array() }), 2000, () => {}).catch(() => {});
  }
}

/** Its bytes may be lent. */
const copied = ({ label, bytes }: Parcel): Parcel => ({ label, bytes: Uint8Array.from(bytes) });
