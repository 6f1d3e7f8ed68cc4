import { spawn, type ChildProcess } from 'node:child_process';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { CouldNotRun, plainText } from '#kernel';
import { sayingSchema, type Order, type Saying } from '../spec.ts';

const PROGRAM = fileURLToPath(new URL('../main.ts', import.meta.url));
/** Milliseconds without a word, after which a place is given up: its stages may keep the whole process from speaking. */
const SILENCE = 20_000;
/** Characters of what it wrote to standard error that are told. */
const LOG_TAIL = 2000;

type Awaited<K extends Saying['kind']> = Extract<Saying, { kind: K }>;

/** A place as a process of its own, which is spoken to line by line. */
export class PlaceProcess {
  readonly name: string;
  readonly pid: number;
  readonly #child: ChildProcess;
  readonly #waiting: { kind: Saying['kind']; take: (saying: Saying) => void }[] = [];
  readonly #watch: NodeJS.Timeout;
  #log = '';
  #busy: string | null = null;
  #heard = performance.now();
  #ended = false;
  #fail: (reason: CouldNotRun) => void = () => {};
  /** Rejects as soon as the place can't go on. */
  readonly failed: Promise<never>;

  constructor(name: string, env: NodeJS.ProcessEnv, program = PROGRAM) {
    this.name = name;
    this.failed = new Promise<never>((_, reject) => (this.#fail = reject));
    this.failed.catch(() => {});
    this.#child = spawn(process.execPath, [program], { env, stdio: ['pipe', 'pipe', 'pipe'] });
    this.pid = this.#child.pid ?? 0;
    this.#child.stdin?.on('error', () => {});
    this.#child.stderr?.on('data', (text: Buffer) => (this.#log = (this.#log + text.toString()).slice(-LOG_TAIL)));
    if (this.#child.stdout !== null) createInterface({ input: this.#child.stdout }).on('line', (line) => this.#hear(line));
    this.#child.once('error', (cause) => this.#fail(this.#problem(`could not be started: ${cause.message}`)));
    this.#child.once('exit', (code, signal) => {
      if (!this.#ended) this.#fail(this.#problem(`ended with ${signal ?? `exit code ${code}`}${this.#lastWords()}`));
    });
    this.#watch = setInterval(() => this.#listenForLife(), 1000);
  }

  tell(order: Order): void {
    this.#child.stdin?.write(`${JSON.stringify(order)}\n`);
  }

  /** What it says next of a kind. @throws CouldNotRun when it fails before */
  async hear<K extends Saying['kind']>(kind: K): Promise<Awaited<K>> {
    const said = new Promise<Awaited<K>>((resolve) => {
      this.#waiting.push({ kind, take: (saying) => resolve(saying as Awaited<K>) });
    });
    return await Promise.race([said, this.failed]);
  }

  async stop(): Promise<void> {
    this.#ended = true;
    clearInterval(this.#watch);
    if (this.#child.exitCode !== null || this.#child.signalCode !== null) return;
    const exited = new Promise((resolve) => this.#child.once('exit', resolve));
    this.#child.kill('SIGKILL');
    await exited;
  }

  #hear(line: string): void {
    this.#heard = performance.now();
    const saying = readSaying(line);
    if (saying === null) return this.#fail(this.#problem('says what nobody understands'));
    if (saying.kind === 'beat') this.#busy = saying.busy;
    if (saying.kind === 'failed') {
      const { stage, reason } = saying;
      return this.#fail(this.#problem(plainText(reason), stage));
    }
    const index = this.#waiting.findIndex(({ kind }) => kind === saying.kind);
    if (index >= 0) this.#waiting.splice(index, 1)[0]?.take(saying);
  }

  #listenForLife(): void {
    if (performance.now() - this.#heard < SILENCE) return;
    const busy = this.#busy === null ? '' : `, last at work on stage ${this.#busy}`;
    this.#fail(this.#problem(`has not said a word for ${SILENCE / 1000} s${busy}`, this.#busy));
  }

  #lastWords(): string {
    const busy = this.#busy === null ? '' : ` while stage ${this.#busy} was at work`;
    return `${busy}${this.#log === '' ? '' : `: ${plainText(this.#log.trim())}`}`;
  }

  #problem(message: string, stage: string | null = null): CouldNotRun {
    return new CouldNotRun({
      file: `place ${this.name}`,
      ...(stage !== null && { field: `stage ${stage}` }),
      message,
      remedy:
        stage === null
          ? 'look at what it said, and run it again'
          : `let ${stage} answer every message once, in order and in time`,
    });
  }
}

function readSaying(line: string): Saying | null {
  try {
    return sayingSchema.safeParse(JSON.parse(line)).data ?? null;
  } catch {
    return null;
  }
}
