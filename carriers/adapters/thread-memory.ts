import { checkSize, type Carrier, type Edge, type Parcel, PeerGone } from '../carrier.ts';
import { inOrder } from '../in-order.ts';
import { openAlready } from '../open-ends.ts';
import { labelText, readLabel } from '../parcel-codec.ts';
import type { Hands } from './in-process.ts';

/** Numbers at the head of the memory. WRITTEN and TAKEN count parcels for ever, and wrap together. */
const [WRITTEN, TAKEN, SENDER, RECEIVER, HEADER] = [0, 1, 2, 3, 4];
const [CLOSED, OPEN] = [2, 1];
/** Each slot begins with the lengths of label and bytes. */
const SLOT_HEAD = 8;
const LONGEST_LABEL = 1024;

/** Memory of one edge; it is given to both threads (`workerData`), which is all that they share. */
export function threadMemory({ window, largest }: Edge): SharedArrayBuffer {
  return new SharedArrayBuffer(HEADER * 4 + window * slotSize(largest));
}

const slotSize = (largest: number) => SLOT_HEAD + LONGEST_LABEL + Math.ceil(largest / 8) * 8;

/**
 * A ring in memory that two worker threads share: written in place by one, read in place by the other, woken by a futex. With
 * `hands: 'the same'` a receiver gets a view into the ring, which holds until it asks for the next parcel.
 */
export function threadMemoryCarrier(
  memoryOf: (edge: Edge) => SharedArrayBuffer,
  { hands = 'a copy' }: { hands?: Hands } = {},
): Carrier {
  return {
    name: 'thread-memory',
    whileNobodyReceives: 'tells',
    openSender: async (edge) => openSender(new Ring(edge, memoryOf(edge))),
    openReceiver: async (edge) => openReceiver(new Ring(edge, memoryOf(edge)), hands),
  };
}

function openSender(ring: Ring) {
  ring.claim(SENDER, 'sender');
  const inTurn = inOrder();
  let closed = false;
  const write = async (parcel: Parcel) => {
    const gone = () => closed || ring.load(RECEIVER) === CLOSED;
    while (!gone() && ring.load(WRITTEN) - ring.load(TAKEN) >= ring.edge.window) await ring.change(TAKEN, RECEIVER);
    if (gone()) throw new PeerGone(ring.edge);
    ring.write(parcel);
  };
  return {
    send: async (parcel: Parcel) => {
      checkSize(ring.edge, parcel);
      await inTurn(async () => await write(parcel));
    },
    close: async () => {
      closed = true;
      ring.release(SENDER);
      ring.wake(TAKEN);
    },
  };
}

function openReceiver(ring: Ring, hands: Hands) {
  ring.claim(RECEIVER, 'receiver');
  // Its own: the ring may be open again, to another.
  const state = { closed: false };
  return {
    async *receive() {
      for (;;) {
        while (!state.closed && ring.load(WRITTEN) === ring.load(TAKEN)) await ring.change(WRITTEN, RECEIVER);
        if (state.closed) return;
        const parcel = ring.read();
        try {
          yield hands === 'the same' ? parcel : { label: parcel.label, bytes: Uint8Array.from(parcel.bytes) };
        } finally {
          ring.add(TAKEN);
        }
      }
    },
    close: async () => {
      if (state.closed) return;
      state.closed = true;
      ring.release(RECEIVER);
      ring.wake(WRITTEN);
      ring.wake(TAKEN);
    },
  };
}

class Ring {
  readonly edge: Edge;
  readonly #numbers: Int32Array<SharedArrayBuffer>;
  readonly #bytes: Uint8Array<SharedArrayBuffer>;

  constructor(edge: Edge, memory: SharedArrayBuffer) {
    this.edge = edge;
    this.#numbers = new Int32Array(memory, 0, HEADER);
    this.#bytes = new Uint8Array(memory, HEADER * 4);
  }

  /** @throws CouldNotRun when that end is open, in whichever thread */
  claim(end: number, name: 'sender' | 'receiver'): void {
    const before = Atomics.load(this.#numbers, end);
    if (before === OPEN || Atomics.compareExchange(this.#numbers, end, before, OPEN) !== before)
      throw openAlready(this.edge, name);
    this.wake(end);
  }

  release(end: number): void {
    Atomics.store(this.#numbers, end, CLOSED);
  }

  load(index: number): number {
    return Atomics.load(this.#numbers, index);
  }

  add(index: number): void {
    Atomics.add(this.#numbers, index, 1);
    this.wake(index);
  }

  wake(index: number): void {
    Atomics.notify(this.#numbers, index);
  }

  /** Until a counter moves. The state of the other end is looked at anew then: closing it wakes both counters. */
  async change(counter: number, state: number): Promise<void> {
    const [seen, stateSeen] = [this.load(counter), this.load(state)];
    const full = counter === TAKEN ? this.load(WRITTEN) - seen >= this.edge.window : this.load(WRITTEN) === this.load(TAKEN);
    if (!full || stateSeen === CLOSED) return;
    const waited = Atomics.waitAsync(this.#numbers, counter, seen);
    if (waited.async) await waited.value;
  }

  write({ label, bytes }: Parcel): void {
    const text = new TextEncoder().encode(labelText(label));
    if (text.byteLength > LONGEST_LABEL) throw new RangeError(`a label of ${text.byteLength} bytes`);
    const [view, at] = this.#slot(this.load(WRITTEN));
    view.setUint32(0, text.byteLength, true);
    view.setUint32(4, bytes.byteLength, true);
    this.#bytes.set(text, at + SLOT_HEAD);
    this.#bytes.set(bytes, at + SLOT_HEAD + LONGEST_LABEL);
    this.add(WRITTEN);
  }

  read(): Parcel {
    const [view, at] = this.#slot(this.load(TAKEN));
    // A decoder takes no shared memory.
    const text = Uint8Array.from(this.#bytes.subarray(at + SLOT_HEAD, at + SLOT_HEAD + view.getUint32(0, true)));
    const start = at + SLOT_HEAD + LONGEST_LABEL;
    const bytes = this.#bytes.subarray(start, start + view.getUint32(4, true));
    return { label: readLabel(new TextDecoder().decode(text)), bytes };
  }

  #slot(count: number): [DataView, number] {
    const at = ((count >>> 0) % this.edge.window) * slotSize(this.edge.largest);
    return [new DataView(this.#bytes.buffer, this.#bytes.byteOffset + at, SLOT_HEAD), at];
  }
}
