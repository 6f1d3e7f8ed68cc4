import { type Clock, ProtocolError } from '#kernel';
import type { Carrier, Edge, Label, Parcel, Receiver } from '../carrier.ts';
import { Mailbox } from '../mailbox.ts';
import { Bell } from './bell.ts';
import { bundling, unbundle } from './bundle.ts';
import { Ending } from './ending.ts';
import type { Inbox } from './stores.ts';
import { WayBack } from './way-back.ts';

export type CollectorOptions = {
  carrier: Carrier;
  edge: Edge;
  inbox: Inbox;
  clock: Clock;
  /** Told of what keeps it from taking anything, a full disk for example. */
  onTrouble?: (trouble: unknown) => void;
  /** Milliseconds without a message from a broker until it is asked anew: it may have forgotten who listens. */
  silence?: number;
};

/** Milliseconds until what went wrong is tried again. */
const RETRY = 300;
const SILENCE = 30_000;

/**
 * The far end of a link: what was promised is confirmed once it is on a disk here, and given out once, in the order in which it comes:
 * that of its capture among what waited. What nobody was done with is given out again by whoever comes after a crash.
 */
export class Collector {
  readonly #options: CollectorOptions;
  readonly #changed = new Bell();
  readonly #frames: Mailbox<Parcel>;
  readonly #ending = new Ending();
  readonly #running: Promise<unknown>;
  #receiver: Receiver | null = null;

  constructor(options: CollectorOptions) {
    this.#options = options;
    this.#frames = new Mailbox(options.edge.window);
    this.#running = this.#run();
  }

  /** Parcels, what was promised first. One is done with when the next is asked for. */
  async *receive(): AsyncGenerator<Parcel, undefined> {
    while (!this.#ending.over) {
      const heard = this.#changed.heard;
      const promised = await this.#options.inbox.next();
      if (promised !== null) {
        yield promised.parcel;
        await this.#done(promised.id);
        continue;
      }
      const frame = this.#frames.take();
      if (frame !== null) yield frame;
      else await this.#changed.wait(heard, 60_000);
    }
    return undefined;
  }

  async close(): Promise<void> {
    this.#ending.end(new Error('closed'));
    this.#frames.close();
    this.#changed.ring();
    await this.#receiver?.close();
    await this.#running;
  }

  /** A disk that is full cannot note it: nothing more is given out until it can, or it would be given out twice. */
  async #done(id: number): Promise<void> {
    do {
      try {
        await this.#options.inbox.done(id);
        return;
      } catch (thrown) {
        this.#options.onTrouble?.(thrown);
        await this.#ending.pause(RETRY);
      }
    } while (!this.#ending.over);
  }

  async #run(): Promise<void> {
    while (!this.#ending.over) {
      try {
        await this.#connected();
      } catch (thrown) {
        this.#options.onTrouble?.(thrown);
        await this.#ending.pause(RETRY);
      }
    }
  }

  async #connected(): Promise<void> {
    const { carrier, edge } = this.#options;
    const receiver = await carrier.openReceiver(bundling(edge));
    this.#receiver = receiver;
    const back = new WayBack(carrier, edge);
    const silent = this.#whenSilent(() => void receiver.close());
    try {
      for await (const parcel of receiver.receive()) {
        if (this.#ending.over) return;
        silent.pause();
        await this.#take(parcel, back);
        silent.resume();
        this.#changed.ring();
      }
    } finally {
      silent.pause();
      this.#receiver = null;
      await receiver.close();
      await back.close();
    }
  }

  /** A sender that is not there tells; a broker may have forgotten who listens, and tells nobody. */
  #whenSilent(ask: () => void): { pause: () => void; resume: () => void } {
    const { carrier, silence = SILENCE } = this.#options;
    let timer: NodeJS.Timeout | undefined;
    const pause = () => clearTimeout(timer);
    const resume = () => {
      pause();
      if (carrier.whileNobodyReceives === 'keeps') timer = setTimeout(ask, silence);
    };
    resume();
    return { pause, resume };
  }

  async #take(parcel: Parcel, back: WayBack): Promise<void> {
    if (parcel.label.kept === undefined) return void (await this.#frames.put(copied(parcel)));
    const parcels = parcelsOf(parcel);
    if (parcels === null) return;
    const { inbox, clock } = this.#options;
    const { upTo } = await inbox.accept(parcels);
    const label: Label = { camera: parcel.label.kept.by, sequence: upTo, capturedAt: clock.now().getTime(), promised: false };
    await back.say(label);
  }
}

/** Null for what only looks like a bundle: whoever reaches a broker may have put it there, and it would come again for ever. */
function parcelsOf(parcel: Parcel): Parcel[] | null {
  try {
    return unbundle(parcel);
  } catch (thrown) {
    if (thrown instanceof ProtocolError) return null;
    throw thrown;
  }
}

/** Its bytes may be lent. */
const copied = ({ label, bytes }: Parcel): Parcel => ({ label, bytes: Uint8Array.from(bytes) });
