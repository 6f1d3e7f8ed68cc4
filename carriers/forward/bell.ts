/** Something changed. Whoever waits says up to when it has looked, so that no change goes by unheard. */
export class Bell {
  #count = 0;
  #rung = Promise.withResolvers<void>();

  get heard(): number {
    return this.#count;
  }

  ring(): void {
    this.#count += 1;
    this.#rung.resolve();
    this.#rung = Promise.withResolvers();
  }

  /** Whether it rang since `heard`, at the latest after so many milliseconds. */
  async wait(heard: number, milliseconds: number): Promise<boolean> {
    if (this.#count === heard) await within(this.#rung.promise, milliseconds, () => {});
    return this.#count !== heard;
  }
}

/** What the work gives, or what `late` does about it when it takes longer. */
export async function within<T>(work: Promise<T>, milliseconds: number, late: () => T): Promise<T> {
  const timer = Promise.withResolvers<T>();
  const id = setTimeout(() => {
    try {
      timer.resolve(late());
    } catch (thrown) {
      timer.reject(thrown);
    }
  }, milliseconds);
  try {
    return await Promise.race([work, timer.promise]);
  } finally {
    clearTimeout(id);
  }
}
