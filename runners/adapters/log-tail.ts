/** Keeps the end of what a model prints, however much it prints. */
export class LogTail {
  readonly #capacity: number;
  #chunks: Buffer[] = [];
  #size = 0;

  /** @param capacity bytes */
  constructor(capacity = 64 * 1024) {
    this.#capacity = capacity;
  }

  push(chunk: Buffer): void {
    this.#chunks.push(chunk);
    this.#size += chunk.byteLength;
    // Joined only now and then, so that a flood of small writes costs no more than it has to.
    if (this.#size > 2 * this.#capacity) this.#chunks = [this.#bytes()];
    if (this.#chunks.length === 1) this.#size = this.#chunks[0]?.byteLength ?? 0;
  }

  text(): string {
    return this.#bytes().toString('utf8');
  }

  #bytes(): Buffer {
    return Buffer.concat(this.#chunks).subarray(-this.#capacity);
  }
}

/** The last lines of a log, fit for a message. */
export function endOfLog(log: string): string {
  const lines = printable(log, 1_000_000).trimEnd().split('\n').slice(-20);
  const text = lines.map((line) => line.slice(0, 500)).join('\n');
  return text === '' ? 'it printed nothing' : `the end of what it printed:\n${text}`;
}

/** What a model says is shown to people: nothing in it may move their cursor or colour their terminal. */
export function printable(text: string, length: number): string {
  const cut = text.length > length ? `${text.slice(0, length)}…` : text;
  // oxlint-disable-next-line no-control-regex -- control characters are what is looked for
  return cut.replaceAll(/\u001B\[[0-9;?]*[ -/]*[@-~]/g, '').replaceAll(/[\u0000-\u0008\u000B-\u001F\u007F-\u009F]/g, '\uFFFD');
}
