/** Where a stage's messages wait. What is promised waits for ever; of the rest the oldest goes when there are too many. */
export class InputQueue<T extends { promised: boolean }> {
  readonly #most: number;
  #waiting: T[] = [];

  /** @param most messages that are not promised */
  constructor(most: number) {
    this.#most = most;
  }

  get size(): number {
    return this.#waiting.length;
  }

  /** @returns what had to go for it, if anything */
  add(message: T): T | null {
    this.#waiting.push(message);
    const droppable = this.#waiting.filter(({ promised }) => !promised);
    const [oldest] = droppable;
    if (oldest === undefined || droppable.length <= this.#most) return null;
    this.#waiting = this.#waiting.filter((waiting) => waiting !== oldest);
    return oldest;
  }

  /** The one that has waited longest; what is promised first. */
  take(): T | undefined {
    const at = Math.max(
      0,
      this.#waiting.findIndex(({ promised }) => promised),
    );
    return this.#waiting.splice(at, 1)[0];
  }
}
