import type { Parcel } from '../carrier.ts';
import { bundle, fitting } from './bundle.ts';
import type { Kept } from './stores.ts';

type Sent = Kept & { sentAt: number };

/**
 * What one connection has sent and nobody has confirmed, each at its place: places follow each other from 1, and the other end takes only
 * the next. Another connection begins anew.
 */
export class OnTheWay {
  readonly id = crypto.randomUUID();
  readonly #sent: Sent[] = [];
  #confirmed = 0;
  #waitingSince = 0;
  #again = 0;

  get size(): number {
    return this.#sent.length;
  }

  get ids(): ReadonlySet<number> {
    return new Set(this.#sent.map(({ id }) => id));
  }

  /** How often all of it went again since something of it was confirmed. */
  get timesAgain(): number {
    return this.#again;
  }

  /** Whether nothing was confirmed for so long. @param elapsed milliseconds by a clock that never goes back */
  isOverdue(elapsed: number, patience: number): boolean {
    return this.#sent.length > 0 && elapsed - this.#waitingSince >= patience;
  }

  /** The first of it, or all of it once more, has gone by now: from here on a confirmation is waited for. */
  waitFrom(elapsed: number): void {
    this.#waitingSince = elapsed;
  }

  /** @param sentAt milliseconds since 1970 @returns what is to be sent */
  put(kept: readonly Kept[], sentAt: number): Parcel {
    const position = this.#confirmed + this.#sent.length + 1;
    this.#sent.push(...kept.map((each) => ({ ...each, sentAt })));
    return this.#bundle(kept, position);
  }

  /** @returns what has arrived by this */
  confirm(upTo: number, elapsed: number): Sent[] {
    const arrived = this.#sent.splice(0, Math.max(0, upTo - this.#confirmed));
    this.#confirmed += arrived.length;
    if (arrived.length > 0) [this.#waitingSince, this.#again] = [elapsed, 0];
    return arrived;
  }

  /** All of it once more, in bundles of so many parcels and bytes. */
  again(bytes: number, most: number): Parcel[] {
    this.#again += 1;
    const bundles: Parcel[] = [];
    for (let at = 0; at < this.#sent.length;) {
      const together = fitting(this.#sent.slice(at, at + most), bytes);
      bundles.push(this.#bundle(together, this.#confirmed + at + 1));
      at += together.length;
    }
    return bundles;
  }

  #bundle(kept: readonly Kept[], position: number): Parcel {
    const place = { by: this.id, position, since: this.#confirmed + 1 };
    return bundle(
      kept.map(({ parcel }) => parcel),
      place,
    );
  }
}
