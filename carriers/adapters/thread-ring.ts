import type { Edge, Label, Parcel } from '../carrier.ts';
import { openAlready } from '../open-ends.ts';

/**
 * Numbers at the head of the memory, those that move in cache lines of their own: two processors that write into one line wait for each
 * other. WRITTEN and TAKEN count parcels for ever, and wrap together.
 */
const [WRITTEN, TAKEN, READER_SLEEPS, WRITER_SLEEPS, SENDER, RECEIVER, HEADER] = [0, 16, 32, 48, 64, 65, 80];
const [CLOSED, OPEN] = [2, 1];
/** A slot: lengths of camera, kept and bytes, and whether it is promised (32 bits each); sequence and capture time (64 bits each). */
const SLOT_HEAD = 32;
const TEXTS = 1504;

/** Looks at a counter before a thread sleeps: as many as take about as long as waking it would, fewer each time that it was in vain. */
const [MOST_LOOKS, FEWEST_LOOKS] = [2048, 16];

const slotSize = (largest: number) => SLOT_HEAD + TEXTS + Math.ceil(largest / 8) * 8;

/** Memory of one edge; it is given to both threads (`workerData`), which is all that they share. */
export function threadMemory({ window, largest }: Edge): SharedArrayBuffer {
  return new SharedArrayBuffer(HEADER * 4 + window * slotSize(largest));
}

/**
 * A ring of slots between one writer and one reader. Waking a thread costs more than a message, so that is done for one that sleeps only,
 * and once: a reader sleeps when there is nothing at all, and a writer is woken when half of the slots are free.
 */
export class ThreadRing {
  readonly edge: Edge;
  readonly #numbers: Int32Array<SharedArrayBuffer>;
  readonly #view: DataView<SharedArrayBuffer>;
  readonly #bytes: Uint8Array<SharedArrayBuffer>;
  readonly #texts = new Texts();
  /** Where this end is, and where the other was when it was last looked at: looking takes its cache line away. */
  #written: number;
  #taken: number;
  #looks = MOST_LOOKS;
  /** A thread in which somebody sleeps here has something to do: waiting for memory alone would let it end. */
  readonly #alive = setInterval(() => {}, 2 ** 30).unref();

  constructor(edge: Edge, memory: SharedArrayBuffer) {
    this.edge = edge;
    this.#numbers = new Int32Array(memory, 0, HEADER);
    this.#view = new DataView(memory, HEADER * 4);
    this.#bytes = new Uint8Array(memory, HEADER * 4);
    this.#written = Atomics.load(this.#numbers, WRITTEN);
    this.#taken = Atomics.load(this.#numbers, TAKEN);
  }

  /** @throws CouldNotRun when that end is open, in whichever thread */
  claim(end: 'sender' | 'receiver'): void {
    const index = end === 'sender' ? SENDER : RECEIVER;
    const before = Atomics.load(this.#numbers, index);
    if (before === OPEN || Atomics.compareExchange(this.#numbers, index, before, OPEN) !== before)
      throw openAlready(this.edge, end);
  }

  /** Whoever waits at either end looks anew. */
  release(end: 'sender' | 'receiver'): void {
    clearInterval(this.#alive);
    Atomics.store(this.#numbers, end === 'sender' ? SENDER : RECEIVER, CLOSED);
    this.rouse();
  }

  rouse(): void {
    Atomics.notify(this.#numbers, WRITTEN);
    Atomics.notify(this.#numbers, TAKEN);
  }

  get receiverLeft(): boolean {
    return Atomics.load(this.#numbers, RECEIVER) === CLOSED;
  }

  get hasRoom(): boolean {
    if (this.#size < this.edge.window) return true;
    this.#taken = Atomics.load(this.#numbers, TAKEN);
    return this.#size < this.edge.window;
  }

  get isEmpty(): boolean {
    if (this.#size !== 0) return false;
    this.#written = Atomics.load(this.#numbers, WRITTEN);
    return this.#size === 0;
  }

  get #size(): number {
    return (this.#written - this.#taken) | 0;
  }

  /** Resolves when there may be room, or the receiver may have left. */
  async room(isOver: () => boolean): Promise<void> {
    await this.#sleep(WRITER_SLEEPS, TAKEN, () => this.hasRoom || isOver());
  }

  /** Resolves when there may be something to read, or this end was closed. */
  async filled(isOver: () => boolean): Promise<void> {
    await this.#sleep(READER_SLEEPS, WRITTEN, () => !this.isEmpty || isOver());
  }

  /** Says first that it sleeps and then looks once more; the other end moves its counter first and then looks who sleeps. */
  async #sleep(sleeps: number, counter: number, isOver: () => boolean): Promise<void> {
    if (this.#isSoon(isOver)) return;
    const seen = Atomics.load(this.#numbers, counter);
    Atomics.store(this.#numbers, sleeps, 1);
    if (!isOver()) {
      this.#alive.ref();
      await Atomics.waitAsync(this.#numbers, counter, seen).value;
      this.#alive.unref();
    }
    Atomics.store(this.#numbers, sleeps, 0);
  }

  /** The other end may be at work on another processor, and be done before anybody could fall asleep. */
  #isSoon(isOver: () => boolean): boolean {
    for (let look = 0; look < this.#looks; look += 1) {
      if (!isOver()) continue;
      this.#looks = Math.min(MOST_LOOKS, this.#looks * 2);
      return true;
    }
    this.#looks = Math.max(FEWEST_LOOKS, this.#looks / 2);
    return false;
  }

  #wake(sleeps: number, counter: number): void {
    if (Atomics.load(this.#numbers, sleeps) === 1 && Atomics.exchange(this.#numbers, sleeps, 0) === 1)
      Atomics.notify(this.#numbers, counter);
  }

  /** Into a slot that is free. @throws RangeError for a label that has no room */
  write({ label, bytes }: Parcel): void {
    const at = this.#slot(this.#written);
    const camera = this.#texts.bytesOf(label.camera);
    const kept = label.kept === undefined ? NOTHING : Buffer.from(JSON.stringify(label.kept));
    if (camera.byteLength + kept.byteLength > TEXTS) throw new RangeError('a label has no room');
    this.#view.setUint32(at, camera.byteLength, true);
    this.#view.setUint32(at + 4, kept.byteLength, true);
    this.#view.setUint32(at + 8, bytes.byteLength, true);
    this.#view.setUint32(at + 12, label.promised ? 1 : 0, true);
    this.#view.setFloat64(at + 16, label.sequence, true);
    this.#view.setFloat64(at + 24, label.capturedAt, true);
    this.#bytes.set(camera, at + SLOT_HEAD);
    this.#bytes.set(kept, at + SLOT_HEAD + camera.byteLength);
    this.#bytes.set(bytes, at + SLOT_HEAD + TEXTS);
    this.#written = (this.#written + 1) | 0;
    Atomics.store(this.#numbers, WRITTEN, this.#written);
    this.#wake(READER_SLEEPS, WRITTEN);
  }

  /** The first that is here: its bytes are a view of the slot, which stays as it is until it is `taken`. */
  read(): Parcel {
    const at = this.#slot(this.#taken);
    const [cameraLength, keptLength] = [this.#view.getUint32(at, true), this.#view.getUint32(at + 4, true)];
    const texts = at + SLOT_HEAD;
    const label: Label = {
      camera: this.#texts.read(this.#bytes, texts, cameraLength),
      sequence: this.#view.getFloat64(at + 16, true),
      capturedAt: this.#view.getFloat64(at + 24, true),
      promised: this.#view.getUint32(at + 12, true) === 1,
    };
    if (keptLength > 0) {
      const kept = this.#bytes.slice(texts + cameraLength, texts + cameraLength + keptLength);
      label.kept = JSON.parse(new TextDecoder().decode(kept)) as NonNullable<Label['kept']>;
    }
    const start = texts + TEXTS;
    return { label, bytes: this.#bytes.subarray(start, start + this.#view.getUint32(at + 8, true)) };
  }

  /** The slot that was read is free. */
  taken(): void {
    this.#taken = (this.#taken + 1) | 0;
    Atomics.store(this.#numbers, TAKEN, this.#taken);
    if (Atomics.load(this.#numbers, WRITER_SLEEPS) === 1 && this.#isHalfFree()) this.#wake(WRITER_SLEEPS, TAKEN);
  }

  #isHalfFree(): boolean {
    this.#written = Atomics.load(this.#numbers, WRITTEN);
    return this.#size <= this.edge.window / 2;
  }

  #slot(count: number): number {
    return ((count >>> 0) % this.edge.window) * slotSize(this.edge.largest);
  }
}

const NOTHING = new Uint8Array();
/** Names of cameras that are remembered. */
const MOST_NAMES = 1000;

/** Names of cameras, which come again and again: each is turned into bytes once, and read once. */
class Texts {
  readonly #written = new Map<string, Uint8Array>();
  #last = { bytes: NOTHING, text: '' };

  bytesOf(text: string): Uint8Array {
    const known = this.#written.get(text);
    if (known !== undefined) return known;
    const bytes = new TextEncoder().encode(text);
    if (this.#written.size >= MOST_NAMES) this.#written.clear();
    this.#written.set(text, bytes);
    return bytes;
  }

  read(memory: Uint8Array, at: number, length: number): string {
    if (!isAt(memory, at, this.#last.bytes, length)) {
      // A decoder takes no shared memory.
      const bytes = Uint8Array.from(memory.subarray(at, at + length));
      this.#last = { bytes, text: new TextDecoder().decode(bytes) };
    }
    return this.#last.text;
  }
}

function isAt(memory: Uint8Array, at: number, bytes: Uint8Array, length: number): boolean {
  if (bytes.byteLength !== length) return false;
  for (let index = 0; index < length; index += 1) if (memory[at + index] !== bytes[index]) return false;
  return true;
}
