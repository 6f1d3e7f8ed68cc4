import { type Clock, reasonOf } from '#kernel';
import { type Carrier, checkSize, type Edge, type Parcel, type Sender } from '../carrier.ts';
import { checkLabel } from '../parcel-codec.ts';
import { type ClockOffset, clockOffset, type Roundtrip } from './clock-offset.ts';
import { type Dropped, FrameBuffer, type FramePolicy } from './frame-buffer.ts';
import { acksOf } from './acks.ts';
import { Bell, within } from './bell.ts';
import { bundling } from './bundle.ts';
import { Ending } from './ending.ts';
import { OnTheWay } from './on-the-way.ts';
import type { Outbox } from './stores.ts';

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
/** Promised parcels that go as one, and those on the way at once. */
const TOGETHER = 32;
const AHEAD = 4 * TOGETHER;
/** How often all of it goes again, unconfirmed, before another connection is tried: this one may be deaf. */
const MOST_AGAIN = 3;
const MOST_ROUNDTRIPS = 200;

/**
 * The near end of a link: what is promised goes from the disk and is forgotten once the other end has it on a disk of its own;
 * everything else goes when there is room, and may be dropped. No broker between is trusted to keep anything.
 */
export class Forwarder {
  readonly #options: ForwarderOptions;
  readonly #frames: FrameBuffer;
  readonly #changed = new Bell();
  readonly #roundtrips: Roundtrip[] = [];
  readonly #running: Promise<unknown>;
  readonly #ending = new Ending();
  #trouble: string | null = null;

  constructor(options: ForwarderOptions) {
    this.#options = options;
    this.#frames = new FrameBuffer(options.frames);
    this.#running = this.#run();
  }

  /**
   * Resolves once a promise is on the disk.
   * @throws CouldNotRun when it cannot be given, or is larger than the edge bears: it would stand before all that comes after it
   * @throws ProtocolError for a label that nobody could read
   */
  async offer(parcel: Parcel): Promise<void> {
    checkSize(this.#options.edge, parcel);
    checkLabel(parcel.label);
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
    for (let heard = this.#changed.heard; !this.#ending.over; heard = this.#changed.heard) {
      if (this.#frames.size === 0 && (await this.#options.outbox.waiting()) === 0) return;
      await this.#changed.wait(heard, this.#patience);
    }
  }

  /** What waits stays in the outbox. */
  async close(): Promise<void> {
    this.#ending.end(new Error('closed'));
    this.#changed.ring();
    await this.#running;
  }

  async #run(): Promise<void> {
    while (!this.#ending.over) {
      try {
        await this.#connected();
      } catch (thrown) {
        this.#say(reasonOf(thrown));
        await this.#ending.pause(RETRY);
      }
    }
  }

  get #patience(): number {
    return this.#options.patience ?? PATIENCE;
  }

  /** One connection, until it is closed or lost. What was not confirmed by then goes again by the next, in order of capture. */
  async #connected(): Promise<void> {
    const { carrier, edge } = this.#options;
    const acks = await carrier.openReceiver(acksOf(edge));
    try {
      const sender = await carrier.openSender(bundling(edge));
      const lost = new AbortController();
      const way = new OnTheWay();
      const listening = this.#listen(way, acks.receive()).catch((thrown: unknown) => {
        lost.abort(thrown);
        this.#changed.ring();
      });
      try {
        await this.#sendAll(sender, way, lost.signal);
      } finally {
        await this.#left(Promise.all([sender.close(), acks.close(), listening]));
      }
    } finally {
      await this.#left(acks.close());
    }
  }

  /** However long a carrier says goodbye, over a link that is down for example. */
  async #left(leaving: Promise<unknown>): Promise<void> {
    leaving.catch(() => {});
    await within<unknown>(leaving, this.#patience, () => {});
  }

  async #listen(way: OnTheWay, acks: AsyncIterable<Parcel>): Promise<void> {
    const { outbox, clock } = this.#options;
    for await (const { label } of acks) {
      const confirmed = label.camera === way.id ? way.confirm(label.sequence, clock.elapsed()) : [];
      const [asked] = confirmed.slice(-1);
      if (asked === undefined) continue;
      this.#roundtrips.push({ asked: asked.sentAt, there: label.capturedAt, answered: clock.now().getTime() });
      if (this.#roundtrips.length > MOST_ROUNDTRIPS) this.#roundtrips.shift();
      await outbox.confirm(confirmed.map(({ id }) => id));
      this.#say(null);
      this.#changed.ring();
    }
  }

  /** @param lost once nothing can be confirmed any more */
  async #sendAll(sender: Sender, way: OnTheWay, lost: AbortSignal): Promise<void> {
    while (!this.#ending.over) {
      lost.throwIfAborted();
      const heard = this.#changed.heard;
      // However much else there is to send: where frames never end, nothing would ever go again.
      if (way.isOverdue(this.#options.clock.elapsed(), this.#patience)) await this.#sendAgain(sender, way);
      else if (!(await this.#sendNext(sender, way))) await this.#changed.wait(heard, this.#patience);
    }
  }

  /** What was promised first, else a frame. @returns whether there was anything */
  async #sendNext(sender: Sender, way: OnTheWay): Promise<boolean> {
    const { outbox, clock, edge } = this.#options;
    const together = { most: TOGETHER, bytes: edge.largest };
    const promised = way.size < AHEAD ? await outbox.next(way.ids, together) : [];
    if (promised.length > 0) {
      const first = way.size === 0;
      await this.#within(sender.send(way.put(promised, clock.now().getTime())));
      if (first) way.waitFrom(clock.elapsed());
      return true;
    }
    const frame = this.#frames.take(clock.now().getTime());
    if (frame !== null) await this.#sendFrame(sender, frame);
    return frame !== null;
  }

  /** What nobody has confirmed in time, from the first on: something of it was lost on the way. */
  async #sendAgain(sender: Sender, way: OnTheWay): Promise<void> {
    this.#say('what was sent is not confirmed, and goes again');
    if (way.timesAgain >= MOST_AGAIN) throw new Error(`what was sent ${MOST_AGAIN + 1} times is not confirmed`);
    const { edge, clock } = this.#options;
    for (const parcel of way.again(edge.largest, TOGETHER)) await this.#within(sender.send(parcel));
    way.waitFrom(clock.elapsed());
  }

  async #sendFrame(sender: Sender, frame: Parcel): Promise<void> {
    try {
      await this.#within(sender.send(frame));
    } catch (thrown) {
      this.#frames.add(frame);
      throw thrown;
    }
  }

  /** A connection whose link went down may wait for as long as TCP likes: longer than anybody wants to. */
  async #within(sending: Promise<void>): Promise<void> {
    const late = () => {
      throw new Error(`nothing could be sent for ${(this.#patience * 2) / 1000} s`);
    };
    await this.#ending.unless(within(sending, this.#patience * 2, late));
  }

  #say(trouble: string | null): void {
    if (trouble === this.#trouble || this.#ending.over) return;
    this.#trouble = trouble;
    this.#options.onTrouble?.(trouble);
  }
}
