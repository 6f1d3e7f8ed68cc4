import { within } from './bell.ts';

/**
 * The end of something, for work that is given up when it comes. A race against one promise that lives as long as a stage would
 * remember each message for as long; this forgets work that is over.
 */
export class Ending {
  readonly #waiting = new Set<() => void>();
  #cause: Error | null = null;

  get over(): boolean {
    return this.#cause !== null;
  }

  end(cause: Error): void {
    this.#cause ??= cause;
    for (const tell of this.#waiting) tell();
    this.#waiting.clear();
  }

  /** What the work gives. @throws the cause, when the end comes first */
  async unless<T>(work: Promise<T>): Promise<T> {
    work.catch(() => {});
    if (this.#cause !== null) throw this.#cause;
    const ended = Promise.withResolvers<never>();
    const tell = () => ended.reject(this.#cause);
    this.#waiting.add(tell);
    try {
      return await Promise.race([work, ended.promise]);
    } finally {
      this.#waiting.delete(tell);
    }
  }

  /** So many milliseconds, or until the end comes. */
  async pause(milliseconds: number): Promise<void> {
    if (this.over) return;
    const ended = Promise.withResolvers<void>();
    const tell = () => ended.resolve();
    this.#waiting.add(tell);
    await within(ended.promise, milliseconds, () => {});
    this.#waiting.delete(tell);
  }
}
