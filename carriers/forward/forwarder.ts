import { type Clock, reasonOf } from '#kernel';
import type { Carrier, Edge, Parcel, Sender } from '../carrier.ts';
import { type ClockOffset, clockOffset, type Roundtrip } from './clock-offset.ts';
import { type Dropped, FrameBuffer, type FramePolicy } from './frame-buffer.ts';
import { acksOf } from './acks.ts';
import { Bell, within } from './bell.ts';
import type { Outbox, Placed } from './stores.ts';

export type ForwarderOptions = {
  carrier: Carrier;
  edge: Edge;
  outbox: Outbox;
  frames: FramePolicy;
  clock: Clock;
  /** Milliseconds without a confirmation until what is on the way is sent again. */
  patience?: number;
  /** Told of what keeps it from sending, each time that this changes; null: nothing any more. */
  onTrouble?: (trouble: string | null) => void;
};

const PATIENCE = 3000;
/** Milliseconds until a connection that failed is tried again. */
const RETRY = 300;
/** Promised parcels on the way at once. */
const AHEAD = 32;
const MOST_ROUNDTRIPS = 200;

/**
 * The near end of a link: what is promised goes from the disk and is forgotten once the other end has it on a disk of its own;
 * everything else goes when there is room, and may be dropped. No broker between is trusted to keep anything.
 */
export class Forwarder {
  readonly #options: ForwarderOptions;
  readonly #frames: FrameBuffer;
  readonly #changed = new Bell();
  readonly #sentAt = new Map<number, number>();
  readonly #roundtrips: Roundtrip[] = [];
  readonly #running: Promise<unknown>;
  readonly #closing = Promise.withResolvers<never>();
  #closed = false;
  #sent = 0;
  #confirmed = 0;
  #trouble: string | null = null;

  constructor(options: ForwarderOptions) {
    this.#options = options;
    this.#frames = new FrameBuffer(options.frames);
    this.#closing.promise.catch(() => {});
    this.#running = this.#run();
  }

  /** Resolves once a promise is on the disk. @throws CouldNotRun when it cannot be given */
  async offer(parcel: Parcel): Promise<void> {
    if (parcel.label.promised) await this.#options.outbox.keep(parcel);
    else this.#frames.add(parcel);
    this.#changed.ring();
  }

  get dropped(): Dropped {
    return this.#frames.dropped;
  }

  /** How the clock at the other end differs from this one, by the confirmations of the last parcels. */
  get offset(): ClockOffset | null {
    return clockOffset(this.#roundtrips);
  }

  /** Resolves when nothing waits any more. */
  async emptied(): Promise<void> {
    for (let heard = this.#changed.heard; !this.#closed; heard = this.#changed.heard) {
      if (this.#frames.size === 0 && (await this.#options.outbox.waiting()) === 0) return;
      await this.#changed.wait(heard, this.#patience);
    }
  }

  /** What waits stays in the outbox. */
  async close(): Promise<void> {
    this.#closed = true;
    this.#closing.reject(new Error('closed'));
    this.#changed.ring();
    await this.#running;
  }

  async #run(): Promise<void> {
    this.#confirmed = await this.#options.outbox.confirmed();
    while (!this.#closed) {
      try {
        await this.#connected();
      } catch (thrown) {
        this.#say(reasonOf(thrown));
        if (!this.#closed) await within(this.#closing.promise, RETRY, () => {}).catch(() => {});
      }
    }
  }

  get #patience(): number {
    return this.#options.patience ?? PATIENCE;
  }

  /** One connection, until it is closed or lost. Whatever was not confirmed by then goes again. */
  async #connected(): Promise<void> {
    const { carrier, edge } = this.#options;
    const acks = await carrier.openReceiver(acksOf(edge));
    try {
      const sender = await carrier.openSender(edge);
      const lost = new AbortController();
      const listening = this.#listen(acks.receive()).catch((thrown: unknown) => {
        lost.abort(thrown);
        this.#changed.ring();
      });
      try {
        await this.#sendAll(sender, lost.signal);
      } finally {
        await sender.close();
        await acks.close();
        await listening;
      }
    } finally {
      await acks.close();
    }
  }

  async #listen(acks: AsyncIterable<Parcel>): Promise<void> {
    const { outbox, clock } = this.#options;
    for await (const { label } of acks) {
      if (label.camera !== outbox.id || label.sequence <= this.#confirmed) continue;
      this.#noteRoundtrip(label, clock.now().getTime());
      this.#confirmed = label.sequence;
      await outbox.confirm(label.sequence);
      this.#say(null);
      this.#changed.ring();
    }
  }

  /** @param lost once nothing can be confirmed any more */
  async #sendAll(sender: Sender, lost: AbortSignal): Promise<void> {
    this.#sent = this.#confirmed;
    while (!this.#closed) {
      lost.throwIfAborted();
      const { outbox, clock } = this.#options;
      const heard = this.#changed.heard;
      this.#sent = Math.max(this.#sent, this.#confirmed);
      const placed = this.#sent - this.#confirmed < AHEAD ? await outbox.next(this.#sent) : null;
      if (placed !== null) {
        this.#sentAt.set(placed.position, clock.now().getTime());
        await this.#within(sender.send(this.#labelled(placed)));
        this.#sent = placed.position;
        continue;
      }
      const frame = this.#frames.take(clock.now().getTime());
      if (frame === null) await this.#rest(heard);
      else await this.#sendFrame(sender, frame);
    }
  }

  async #sendFrame(sender: Sender, frame: Parcel): Promise<void> {
    try {
      await this.#within(sender.send(frame));
    } catch (thrown) {
      this.#frames.add(frame);
      throw thrown;
    }
  }

  /** Until something changes; when what is on the way is not confirmed in time, it goes again from the first. */
  async #rest(heard: number): Promise<void> {
    const before = this.#confirmed;
    const rang = await this.#changed.wait(heard, this.#patience);
    if (!rang && this.#sent > this.#confirmed && this.#confirmed === before) {
      this.#say('what was sent is not confirmed, and goes again');
      this.#sent = this.#confirmed;
    }
  }

  #labelled({ position, parcel: { label, bytes } }: Placed): Parcel {
    return { label: { ...label, kept: { by: this.#options.outbox.id, position, since: this.#confirmed + 1 } }, bytes };
  }

  /** A connection whose link went down may wait for as long as TCP likes: longer than anybody wants to. */
  async #within(sending: Promise<void>): Promise<void> {
    sending.catch(() => {});
    await within(Promise.race([sending, this.#closing.promise]), this.#patience * 2, () => {
      throw new Error(`nothing could be sent for ${(this.#patience * 2) / 1000} s`);
    });
  }

  #noteRoundtrip({ sequence, capturedAt }: Parcel['label'], answered: number): void {
    const asked = this.#sentAt.get(sequence);
    if (asked !== undefined) this.#roundtrips.push({ asked, there: capturedAt, answered });
    if (this.#roundtrips.length > MOST_ROUNDTRIPS) this.#roundtrips.shift();
    for (const position of this.#sentAt.keys()) if (position <= sequence) this.#sentAt.delete(position);
  }

  #say(trouble: string | null): void {
    if (trouble === this.#trouble || this.#closed) return;
    this.#trouble = trouble;
    this.#options.onTrouble?.(trouble);
  }
}
