import { fault } from './video-container.ts';

/** Footage may lack this many seconds: a lost packet or two, or sound that ends later than the pictures. */
export const SHORTFALL = 0.5;
/** A recording that was cut out of a longer one begins with pictures that refer to what is not there: seconds until a whole one. */
const LEAD_IN = 10;
/** Packets that a decoder may hold back at most. */
const MOST_HELD = 1000;
/** Seconds by which the times of a packet and of its picture may differ. */
const SAME = 0.001;

/**
 * Compares the pictures that packets announce with those that come of them. A decoder passes over what is damaged and says nothing;
 * where that leaves a hole, the clip is refused with its time. A pause in which nothing was recorded announces nothing.
 * All times in seconds on the clip's clock, of which `begins` is the start.
 */
export class Holes {
  readonly #display: string;
  readonly #begins: number;
  #announced: number[] = [];
  #latest: number | null = null;

  constructor(begins: number, display: string) {
    this.#begins = begins;
    this.#display = display;
  }

  announce(shown: number): void {
    this.#announced.push(shown);
    const [earliest = shown] = this.#announced;
    if (this.#announced.length > MOST_HELD && shown - earliest > LEAD_IN) throw this.#hole(shown);
  }

  /** A picture came. @throws CouldNotRun when others should have come before it, and it comes too late to be taken for them */
  see(shown: number): void {
    const from = this.#latest ?? this.#begins;
    const missed = this.#announced.some((time) => time > from - SAME && time < shown - SAME);
    const allowed = this.#latest === null ? LEAD_IN : SHORTFALL;
    this.#announced = this.#announced.filter((time) => time > shown + SAME);
    if (missed && shown - from > allowed + SAME) throw this.#hole(shown);
    this.#latest = shown;
  }

  /** No picture comes any more. @param end when the last of them ended */
  finish(end: number): void {
    const last = Math.max(-Infinity, ...this.#announced.slice(-MOST_HELD));
    if (last > end + SHORTFALL) throw fault(this.#display, `cannot be decoded after ${this.#since(end)}`);
  }

  #hole(until: number): Error {
    if (this.#latest === null)
      return fault(this.#display, `cannot be decoded before ${this.#since(until)}: its beginning is missing`);
    return fault(this.#display, `cannot be decoded after ${this.#since(this.#latest)}: what follows is damaged`);
  }

  #since(time: number): string {
    return `${(time - this.#begins).toFixed(2)} s`;
  }
}
