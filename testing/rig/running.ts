import type { ChildProcess } from 'node:child_process';
import type { Readable } from 'node:stream';
import { createInterface } from 'node:readline';

/** A command while it runs, for whoever looks on between its lines. */
export class Running {
  /** All that it has said so far, both of its streams. */
  readonly lines: string[] = [];
  /** Its exit code. */
  readonly ended: Promise<number | null>;
  readonly #waiting = new Set<() => void>();
  #over = false;

  constructor(child: ChildProcess & { stdout: Readable; stderr: Readable }, onLine: (line: string) => void = () => {}) {
    for (const stream of [child.stdout, child.stderr]) {
      createInterface({ input: stream }).on('line', (line) => {
        this.lines.push(line);
        onLine(line);
        this.#wake();
      });
    }
    this.ended = new Promise((resolve, reject) => {
      child.once('error', reject).once('close', (code) => {
        this.#over = true;
        this.#wake();
        resolve(code);
      });
    });
  }

  said(pattern: RegExp): boolean {
    return this.lines.some((line) => pattern.test(line));
  }

  /** Waits for a line. @throws Error with all that it said, when it ends without */
  async until(pattern: RegExp): Promise<void> {
    while (!this.said(pattern)) {
      if (this.#over) throw new Error(`it ended and never said ${String(pattern)}:\n${this.lines.join('\n')}`);
      await new Promise<void>((wake) => this.#waiting.add(wake));
    }
  }

  #wake(): void {
    for (const wake of this.#waiting) wake();
    this.#waiting.clear();
  }
}
