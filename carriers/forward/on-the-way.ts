import type { Parcel } from '../carrier.ts';
import { bundle } from './bundle.ts';
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

  get size(): number {
    return this.#sent.length;
  }

  get ids(): ReadonlySet<number> {
    return new Set(this.#sent.map(({ id }) => id));
  }

  /** @returns what is to be sent */
  put(kept: readonly Kept[], sentAt: number): Parcel {
    const position = this.#confirmed + this.#sent.length + 1;
    this.#sent.push(...kept.map((each) => ({ ...each, sentAt })));
    return this.#bundle(kept, position);
  }

  /** @returns what has arrived by this */
  confirm(upTo: number): Sent[] {
    const arrived = this.#sent.splice(0, Math.max(0, upTo - this.#confirmed));
    this.#confirmed += arrived.length;
    return arrived;
  }

  /** All of it once more, in bundles of so many parcels and about so many bytes. */
  again(bytes: number, most: number): Parcel[] {
    const bundles: Parcel[] = [];
    for (let at = 0; at < this.#sent.length;) {
      const rest = this.#sent.slice(at, at + most);
      let size = 0;
      const together = rest.filter(({ parcel }, index) => (size += parcel.bytes.byteLength) <= bytes || index === 0);
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
