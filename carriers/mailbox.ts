/**
 * What has arrived and is not yet taken: first in, first out, with room for so many. One writer may wait for room and one
 * reader for something to read; nothing is ever dropped.
 */
export class Mailbox<T> {
  readonly #items: T[] = [];
  readonly #room: number;
  #taken = 0;
  #closed = false;
  #changed = Promise.withResolvers<void>();

  constructor(room: number) {
    this.#room = room;
  }

  /** Resolves to false when it was closed, or nobody wanted it put any more, before there was room. */
  async put(item: T, isWanted: () => boolean = () => true): Promise<boolean> {
    while (!this.#closed && this.#items.length + this.#taken >= this.#room) await this.#changed.promise;
    if (this.#closed || !isWanted()) return false;
    this.#items.push(item);
    this.#tell();
    return true;
  }

  /** Adds without asking for room: whoever sends keeps count itself. */
  force(item: T): void {
    if (this.#closed) return;
    this.#items.push(item);
    this.#tell();
  }

  /** The first, if something is here. */
  take(): T | null {
    const item = this.#items.shift() ?? null;
    this.#tell();
    return item;
  }

  get size(): number {
    return this.#items.length;
  }

  get closed(): boolean {
    return this.#closed;
  }

  /** What has arrived is still read after a close; `taken` is called once the reader asks for the next. */
  async *read(taken: (item: T) => void = () => {}): AsyncGenerator<T, undefined> {
    for (;;) {
      const item = this.#items.shift();
      if (item === undefined) {
        if (this.#closed) return undefined;
        await this.#changed.promise;
        continue;
      }
      this.#taken += 1;
      try {
        yield item;
      } finally {
        this.#taken -= 1;
        this.#tell();
        taken(item);
      }
    }
  }

  close(): void {
    this.#closed = true;
    this.#tell();
  }

  #tell(): void {
    this.#changed.resolve();
    this.#changed = Promise.withResolvers();
  }
}
