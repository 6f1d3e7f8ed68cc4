import type { Parcel } from '../carrier.ts';

/** What becomes of frames that cannot go at once. */
export type FramePolicy = {
  order: 'oldest first' | 'newest first';
  /** Milliseconds from capture; null: however old they are. */
  staleAfter: number | null;
  mostBytes: number;
  /** Left out, as many as have room. */
  most?: number;
};

/** Frames that were not sent, by why. */
export type Dropped = { stale: number; full: number };

/** Frames that wait for a link, in memory: where there is no room, the oldest make it. */
export class FrameBuffer {
  readonly dropped: Dropped = { stale: 0, full: 0 };
  readonly #policy: FramePolicy;
  readonly #frames: Parcel[] = [];
  #bytes = 0;

  constructor(policy: FramePolicy) {
    this.#policy = policy;
  }

  get size(): number {
    return this.#frames.length;
  }

  /** Frames come in about the order of their capture; a late one takes its place. */
  add(parcel: Parcel): void {
    const later = this.#frames.findIndex(({ label }) => label.capturedAt > parcel.label.capturedAt);
    this.#frames.splice(later === -1 ? this.#frames.length : later, 0, parcel);
    this.#bytes += parcel.bytes.byteLength;
    const { mostBytes, most = Number.POSITIVE_INFINITY } = this.#policy;
    while (this.#bytes > mostBytes || this.#frames.length > most) {
      this.#remove(0);
      this.dropped.full += 1;
    }
  }

  /** @param now by the clock of the cameras, milliseconds since 1970 */
  take(now: number): Parcel | null {
    this.#dropStale(now);
    return this.#remove(this.#policy.order === 'oldest first' ? 0 : this.#frames.length - 1);
  }

  #dropStale(now: number): void {
    const { staleAfter } = this.#policy;
    if (staleAfter === null) return;
    const fresh = this.#frames.findIndex(({ label }) => now - label.capturedAt <= staleAfter);
    const stale = fresh === -1 ? this.#frames.length : fresh;
    for (let count = 0; count < stale; count += 1) this.#remove(0);
    this.dropped.stale += stale;
  }

  #remove(index: number): Parcel | null {
    const [parcel = null] = index < 0 ? [] : this.#frames.splice(index, 1);
    this.#bytes -= parcel?.bytes.byteLength ?? 0;
    return parcel;
  }
}
