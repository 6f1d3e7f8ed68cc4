import { InputQueue, type Made, type Message, Numbering, type StageProgram } from '#graphs';
import type { PlaceReport, StageReport } from './spec.ts';

/** Where what a stage makes goes next: to a stage here, or over an edge that leaves. */
export type Output = { kind: 'here'; to: string } | { kind: 'away'; to: string; send: (message: Message) => void };

export type WorkingStage = { name: string; program: StageProgram; outputs: readonly Output[]; isAnswer: boolean };

/** What the work of a place touches in the world. Times in milliseconds. */
export type WorkPorts = {
  now: () => number;
  /** Processor time that this process has used. */
  cpu: () => number;
  /** Frames and crops come as pixels to every stage. */
  asPixels: (message: Message) => Promise<Message>;
  /** Lets the sockets be read. */
  breathe: () => Promise<void>;
  /** Rejects after so many milliseconds; `done` calls it off. */
  timer: (milliseconds: number) => { expired: Promise<never>; done: () => void };
};

/** A stage that threw, or took longer than it may. */
export class StageFailed extends Error {
  override readonly name = 'StageFailed';
  readonly stage: string;

  constructor(stage: string, reason: string, options?: ErrorOptions) {
    super(reason, options);
    this.stage = stage;
  }
}

type Tally = { handled: Map<string, { handled: number; cpu: number }>; delays: number[]; dropped: StageReport['dropped'] };

/**
 * The stages of one place at work, one message at a time: so each knows what it cost. What waits longest behind goes first, that
 * answers come before new questions; a frame too many, and the oldest before that stage is dropped.
 */
export class PlaceWork {
  readonly #stages: readonly WorkingStage[];
  readonly #queues: ReadonlyMap<string, InputQueue<Message>>;
  readonly #tallies: ReadonlyMap<string, Tally>;
  readonly #numbering = new Map<string, Numbering>();
  readonly #ports: WorkPorts;
  readonly #answerWithin: number;
  readonly judged: PlaceReport['judged'] = [];
  readonly answers: PlaceReport['answers'] = [];
  #wake: () => void = () => {};
  #stopped = false;
  #handled = 0;
  busy: string | null = null;

  /** @param stages each after those that it takes from */
  constructor(
    stages: readonly WorkingStage[],
    { queue, answerWithin, ports }: { queue: number; answerWithin: number; ports: WorkPorts },
  ) {
    this.#stages = stages;
    this.#ports = ports;
    this.#answerWithin = answerWithin;
    this.#queues = new Map(stages.map(({ name }) => [name, new InputQueue(queue)]));
    this.#tallies = new Map(stages.map(({ name }) => [name, { handled: new Map(), delays: [], dropped: [] }]));
  }

  /** A message for one of the stages here. */
  deliver(stage: string, message: Message): void {
    const dropped = this.#queues.get(stage)?.add(message) ?? null;
    if (dropped !== null) {
      const { camera, capturedAt } = dropped;
      this.#tallies.get(stage)?.dropped.push({ camera, capturedAt, at: this.#ports.now() });
    }
    this.#wake();
  }

  get waiting(): number {
    const queued = [...this.#queues.values()].reduce((sum, { size }) => sum + size, 0);
    return queued + (this.busy === null ? 0 : 1);
  }

  get handled(): number {
    return this.#handled;
  }

  stop(): void {
    this.#stopped = true;
    this.#wake();
  }

  /** Works until it is stopped. @throws StageFailed */
  async run(): Promise<void> {
    while (!this.#stopped) {
      const next = this.#next();
      if (next === null) {
        await new Promise<void>((resolve) => (this.#wake = resolve));
        continue;
      }
      this.busy = next.stage.name;
      await this.#handle(next.stage, next.message);
      this.busy = null;
      await this.#ports.breathe();
    }
  }

  /** The last stage that has something to do: what is nearly an answer comes first. */
  #next(): { stage: WorkingStage; message: Message } | null {
    for (const stage of this.#stages.toReversed()) {
      const message = this.#queues.get(stage.name)?.take();
      if (message !== undefined) return { stage, message };
    }
    return null;
  }

  async #handle(stage: WorkingStage, message: Message): Promise<void> {
    const { now, cpu } = this.#ports;
    const [startedAt, before] = [now(), cpu()];
    const made = await this.#ask(stage, message);
    const endedAt = now();
    const stamps = [...message.stamps, { stage: stage.name, startedAt, endedAt }];
    const { camera, capturedAt } = message;
    for (const one of made) this.#pass(stage, { ...one, contract: 1, camera, capturedAt, stamps, sequence: 0 });
    this.#tally(stage, message, { endedAt, cpu: cpu() - before });
  }

  async #ask({ name, program }: WorkingStage, message: Message): Promise<readonly Made[]> {
    const timer = this.#ports.timer(this.#answerWithin);
    try {
      const answered = (async () => await program.take(await this.#ports.asPixels(message)))();
      answered.catch(() => {}); // it may still fail after its time is up, when nobody asks any more
      return await Promise.race([answered, timer.expired]);
    } catch (cause) {
      throw new StageFailed(name, cause instanceof Error ? cause.message : String(cause), { cause });
    } finally {
      timer.done();
    }
  }

  #pass(stage: WorkingStage, made: Message): void {
    if (stage.isAnswer && made.kind === 'event') {
      const { label, start, end, alarm, peak, subject } = made.about;
      this.answers.push({ camera: made.camera, label, start, end, alarm, peak, subject });
    }
    for (const output of stage.outputs) {
      const edge = `${stage.name} ${output.to}`;
      const numbering = this.#numbering.get(edge) ?? new Numbering();
      this.#numbering.set(edge, numbering);
      const numbered = { ...made, sequence: numbering.next(made.camera) };
      if (output.kind === 'here') this.deliver(output.to, numbered);
      else output.send(numbered);
    }
  }

  #tally(stage: WorkingStage, { camera, capturedAt }: Message, { endedAt, cpu }: { endedAt: number; cpu: number }): void {
    this.#handled += 1;
    if (stage.isAnswer) this.judged.push({ camera, capturedAt, endedAt });
    const tally = this.#tallies.get(stage.name);
    const own = tally?.handled.get(camera) ?? { handled: 0, cpu: 0 };
    tally?.handled.set(camera, { handled: own.handled + 1, cpu: own.cpu + cpu });
    tally?.delays.push(endedAt - capturedAt);
  }

  report(): StageReport[] {
    return [...this.#tallies].map(([stage, { handled, delays, dropped }]) => ({
      stage,
      work: [...handled].map(([camera, own]) => ({ camera, ...own })),
      delays,
      dropped,
    }));
  }
}
