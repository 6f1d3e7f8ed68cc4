/** What was sent and not yet answered, for ends whose answers come one for each, in order. */
export class Unanswered {
  readonly #room: number;
  readonly #waiting: PromiseWithResolvers<void>[] = [];
  #changed = Promise.withResolvers<void>();
  #cause: unknown;
  gone = false;

  constructor(room: number) {
    this.#room = room;
  }

  get count(): number {
    return this.#waiting.length;
  }

  /** Resolves once one more may be sent, or nothing will be answered any more. */
  async room(): Promise<void> {
    while (!this.gone && this.#waiting.length >= this.#room) await this.#changed.promise;
  }

  /** Whoever sent something: resolves when it was answered, rejects when it never will be. */
  async answer(): Promise<void> {
    if (this.gone) throw this.#cause;
    const mine = Promise.withResolvers<void>();
    this.#waiting.push(mine);
    await mine.promise;
  }

  answered(count = 1): void {
    for (const { resolve } of this.#waiting.splice(0, count)) resolve();
    this.#tell();
  }

  end(cause: unknown): void {
    if (this.gone) return;
    this.gone = true;
    this.#cause = cause;
    for (const { reject } of this.#waiting.splice(0)) reject(cause);
    this.#tell();
  }

  #tell(): void {
    this.#changed.resolve();
    this.#changed = Promise.withResolvers();
  }
}
