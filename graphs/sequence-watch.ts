/** What a number says of the messages before it. */
export type Arrival = { kind: 'next' } | { kind: 'gap'; missing: number } | { kind: 'again' } | { kind: 'late' };

/** How far back a number is still known to have been seen. */
const REMEMBERED = 4096;

/** Watches one edge: whether a message of a camera is the next one, comes again, or out of order. */
export class SequenceWatch {
  readonly #cameras = new Map<string, { next: number; missing: Set<number> }>();

  /** `again` and `late` are not to be worked on: the stage after them would answer twice, or of the past. */
  arrived({ camera, sequence }: { camera: string; sequence: number }): Arrival {
    const seen = this.#cameras.get(camera) ?? { next: 0, missing: new Set<number>() };
    this.#cameras.set(camera, seen);
    if (sequence < seen.next) return seen.missing.delete(sequence) ? { kind: 'late' } : { kind: 'again' };
    const missing = sequence - seen.next;
    for (let number = Math.max(seen.next, sequence - REMEMBERED); number < sequence; number += 1) seen.missing.add(number);
    while (seen.missing.size > REMEMBERED) for (const oldest of seen.missing) if (seen.missing.delete(oldest)) break;
    seen.next = sequence + 1;
    return missing === 0 ? { kind: 'next' } : { kind: 'gap', missing };
  }
}

/** Numbers what leaves on one edge: by camera, from 0, without gaps. */
export class Numbering {
  readonly #next = new Map<string, number>();

  next(camera: string): number {
    const number = this.#next.get(camera) ?? 0;
    this.#next.set(camera, number + 1);
    return number;
  }
}
