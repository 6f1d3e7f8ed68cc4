import { createHash } from 'node:crypto';
import { reasonOf } from '#kernel';
import type { Label } from '#carriers';
import { decodeMessage, Numbering, type Made, type Message, type StageProgram } from '#graphs';
import { StageFailed, type WorkPorts } from '../place-work.ts';

/** An edge that leaves the stage. `promised`: what goes over it is kept until it has arrived. */
export type Outlet = { edge: string; promised: boolean; offer: (message: Message, label: Label) => Promise<void> };

/** Where a message came from: what was promised may come again after a crash, and its answers have to be known again then. */
export type Origin = { edge: string; label: Pick<Label, 'sequence' | 'promised'> };

export type StagePorts = Pick<WorkPorts, 'now' | 'asPixels' | 'timer'> & {
  /** What this stage has told as the graph's answer, once for each key. */
  answered: ((event: Message, key: number) => Promise<void>) | null;
  /** Told of what could not be worked on. */
  failed: (reason: string) => void;
};

export type StageCounts = { handled: number; given: number; failed: number; lastFailure: string | null };

/** A stage at work by itself: a message at a time, and what it makes of one is handed on before the next is taken. */
export class StageWork {
  readonly #name: string;
  readonly #program: StageProgram;
  readonly #outlets: readonly Outlet[];
  readonly #ports: StagePorts;
  readonly #answerWithin: number;
  readonly #numbers: ReadonlyMap<string, Numbering>;
  readonly counts: StageCounts = { handled: 0, given: 0, failed: 0, lastFailure: null };
  #lastKey = 0;

  constructor(
    { name, program, outlets }: { name: string; program: StageProgram; outlets: readonly Outlet[] },
    { answerWithin, ports }: { answerWithin: number; ports: StagePorts },
  ) {
    this.#name = name;
    this.#program = program;
    this.#outlets = outlets;
    this.#ports = ports;
    this.#answerWithin = answerWithin;
    this.#numbers = new Map(outlets.map(({ edge }) => [edge, new Numbering()]));
  }

  /**
   * Works on what came over an edge. What is no message is counted and done with, whoever promised it.
   * @throws StageFailed for what was promised, which stays where it is kept; for what it could not keep; and when it is stuck
   */
  async take(bytes: Uint8Array, origin: Origin): Promise<void> {
    let message: Message;
    try {
      message = decodeMessage(bytes);
    } catch (thrown) {
      return void this.#count(reasonOf(thrown));
    }
    await this.work(message, origin);
  }

  /** Works on a message; one that is from no edge comes from a camera. @returns why it could not @throws as `take` */
  async work(message: Message, origin: Origin | null): Promise<string | null> {
    try {
      await this.#handle(message, origin);
      return null;
    } catch (thrown) {
      if (origin?.label.promised === true || (thrown instanceof StageFailed && LASTING.has(thrown.cause))) throw thrown;
      return this.#count(thrown instanceof StageFailed ? thrown.message : reasonOf(thrown));
    }
  }

  #count(reason: string): string {
    this.counts.failed += 1;
    this.counts.lastFailure = reason;
    this.#ports.failed(reason);
    return reason;
  }

  async #handle(message: Message, origin: Origin | null): Promise<void> {
    const { now } = this.#ports;
    const startedAt = now();
    const made = await this.#ask(message);
    const stamps = [...message.stamps, { stage: this.#name, startedAt, endedAt: now() }];
    const { camera, capturedAt } = message;
    this.counts.handled += 1;
    for (const [index, one] of made.entries()) {
      const key = origin?.label.promised === true ? keyOf(origin, index) : this.#nextKey();
      await this.#give({ ...one, contract: 1, camera, capturedAt, stamps, sequence: 0 }, key);
    }
  }

  async #ask(message: Message): Promise<readonly Made[]> {
    const timer = this.#ports.timer(this.#answerWithin);
    try {
      const answered = (async () => await this.#program.take(await this.#ports.asPixels(message)))();
      answered.catch(() => {}); // it may still fail after its time is up, when nobody asks any more
      return await Promise.race([answered, timer.expired.catch((cause: unknown) => Promise.reject(stuck(this.#name, cause)))]);
    } catch (cause) {
      if (cause instanceof StageFailed) throw cause;
      throw new StageFailed(this.#name, reasonOf(cause), { cause });
    } finally {
      timer.done();
    }
  }

  async #give(made: Message, key: number): Promise<void> {
    this.counts.given += 1;
    if (made.kind === 'event') await this.#keeping(async () => await this.#ports.answered?.(made, key));
    for (const { edge, promised, offer } of this.#outlets) {
      const sequence = this.#numbers.get(edge)?.next(made.camera) ?? 0;
      const label: Label = { camera: made.camera, sequence: key, capturedAt: made.capturedAt, promised };
      const offering = async () => await offer({ ...made, sequence, promised }, label);
      await (promised ? this.#keeping(offering) : offering());
    }
  }

  /** What has to be kept and cannot be, on a disk that is full for example, ends the stage: a rollout sees it, and nobody forgets it. */
  async #keeping(keep: () => Promise<void>): Promise<void> {
    try {
      await keep();
    } catch (thrown) {
      throw new StageFailed(this.#name, `what it made could not be kept: ${reasonOf(thrown)}`, { cause: NOT_KEPT });
    }
  }

  /** Greater than all before it, also than those of the process before this one: whoever keeps messages knows them by it. */
  #nextKey(): number {
    this.#lastKey = Math.max(this.#lastKey + 1, Math.floor(this.#ports.now() * 1000));
    return this.#lastKey;
  }
}

const STUCK = 'it does not answer';
const NOT_KEPT = 'what it made is not kept';
/** Why a stage ends whatever it was working on. */
const LASTING: ReadonlySet<unknown> = new Set([STUCK, NOT_KEPT]);

/** A stage that does not answer is not asked again: whatever it is stuck in keeps this process from its next message. */
function stuck(stage: string, cause: unknown): StageFailed {
  return new StageFailed(stage, reasonOf(cause), { cause: STUCK });
}

/** The same each time that the same message comes: 52 bits of a hash, so that none is taken for another. */
function keyOf({ edge, label }: Origin, index: number): number {
  const hash = createHash('sha256').update(`${edge} ${label.sequence} ${index}`).digest();
  return hash.readUIntBE(0, 6) * 16 + ((hash[6] ?? 0) & 15);
}
