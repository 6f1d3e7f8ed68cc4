import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { inOrder } from '#carriers';
import { modelStage, stockProgram, type Message, type MessageKind, type StageProgram } from '#graphs';
import { CouldNotRun, reasonOf } from '#kernel';
import type { Arguments, ServedModel } from '#runtime';
import { listenFor } from '#runtime/adapters';
import { CameraDesk } from '../serve/camera-desk.ts';
import { answerAt } from '../serve/stage-port.ts';
import { StageWork } from '../serve/stage-work.ts';
import type { Told } from '../serve/told.ts';
import { openAnswers, type Answers } from './answers-store.ts';
import { openServed } from './open-stages.ts';
import { asPixels, pictureOf } from './pictures.ts';
import { serveEdges, type EdgeSurroundings } from './serve-edges.ts';
import { stageProgramAt } from './stage-program-client.ts';
import { timer } from './timer.ts';

/** Milliseconds that a stage may take for one message. */
const ANSWER_WITHIN = 30_000;
/** Bytes of what is asked. */
const MOST_BYTES = 32 << 20;
/** Milliseconds that somebody's own program may take to listen. */
const STARTED_WITHIN = 60_000;

export type Served = { address: string; close: () => Promise<void> };

/**
 * A stage that is deployed, at work: its messages come and go over its edges, and whoever asks finds it at its own port.
 * @param fail is called once, when it cannot go on: what was promised stays where it is kept
 * @throws CouldNotRun when its model can't be served, or its port can't be had
 */
export async function serveStage(
  told: Told,
  { model: folder, variant, threads, address }: Arguments,
  surroundings: EdgeSurroundings,
  fail: (thrown: unknown) => never,
): Promise<Served> {
  const { stage, site } = told;
  const model = stage.work.kind === 'model' ? await openServed({ folder, variant, threads }) : null;
  const program = await programOf(told, model, surroundings);
  const answers = stage.isAnswer ? openAnswers(path.join(surroundings.kept, 'answers.db')) : null;
  const edges = serveEdges(told, surroundings);
  const now = () => Date.now();
  const answered = answers === null ? null : keeping(answers, site);
  const work = new StageWork(
    { name: stage.name, program, outlets: edges.outlets },
    { answerWithin: ANSWER_WITHIN, ports: { now, asPixels, timer, answered, failed: sayOnce() } },
  );
  const turn = new Turn();
  const taking = edges.inlets.map(async ({ edge, collector }) => {
    for await (const { label, bytes } of collector.receive()) {
      edges.troubles.set(edge, null);
      await turn.next(async () => await work.take(bytes, { edge, label }));
    }
  });
  Promise.all(taking).catch(fail);
  const cameras = new CameraDesk(site, stage.queue, {
    now,
    waiting: () => turn.waiting,
    pictureOf,
    work: async (message) => await turn.next(async () => await work.work(message, null)).catch(fail),
  });
  const status = () => ({
    graph: stage.graph,
    stage: stage.name,
    site,
    ...work.counts,
    waiting: turn.waiting,
    dropped: edges.dropped(),
    troubles: Object.fromEntries([...edges.troubles].filter(([, trouble]) => trouble !== null)),
  });
  const desk = {
    model,
    status,
    look: stage.from.length === 0 ? cameras.look.bind(cameras) : null,
    answers: answers === null ? null : answers.after,
  };
  const listener = await listenFor(async (request) => await answerAt(desk, request), address, MOST_BYTES);
  return {
    address: listener.address,
    async close() {
      await listener.close();
      await edges.stop();
      await turn.idle();
      await edges.close();
      answers?.close();
    },
  };
}

async function programOf(
  { stage: { name, work, rule } }: Told,
  model: ServedModel | null,
  { socket }: EdgeSurroundings,
): Promise<StageProgram> {
  if (work.kind === 'stock') return stockProgram(work, rule);
  if (work.kind === 'container') return await lastingProgram(socket, work.gives);
  if (model === null) throw new Error(`the model of ${name} was not opened`);
  return modelStage(model, work.task);
}

/** Somebody's own program, whoever starts it again: one that ended, or that broke the contract, is asked anew with the next message. */
async function lastingProgram(socket: string, gives: MessageKind): Promise<StageProgram> {
  let program: StageProgram | null = await programAt(socket, gives);
  return {
    async take(message) {
      program ??= await programAt(socket, gives);
      try {
        return await program.take(message);
      } catch (thrown) {
        program = null;
        throw thrown;
      }
    },
  };
}

/** Somebody's own program, which is started at the same moment. @throws CouldNotRun when nobody listens there for a minute */
async function programAt(socket: string, gives: MessageKind): Promise<StageProgram> {
  const until = performance.now() + STARTED_WITHIN;
  for (;;) {
    try {
      return await stageProgramAt({ path: socket }, gives);
    } catch (cause) {
      const message = `no program listens there: ${reasonOf(cause)}`;
      const remedy = 'let it listen at the socket that FIELDPROOF_SOCKET names';
      if (performance.now() > until) throw new CouldNotRun({ file: socket, message, remedy }, { cause });
      await sleep(200);
    }
  }
}

/** An answer is kept for whoever comes for it, and is a line of the log. */
function keeping(answers: Answers, site: string): (event: Message, key: number) => Promise<void> {
  return async (event, key) => {
    if (event.kind !== 'event') return;
    const { camera, capturedAt, stamps } = event;
    const told = { site, camera, capturedAt, ...event.about, stamps };
    if (answers.add(told, key)) console.log(JSON.stringify({ answer: told }));
  };
}

/** What failed is a line of the log when it is another than the last time: a camera with a lens cap fails ten times a second. */
function sayOnce(): (reason: string) => void {
  let last = '';
  return (reason) => {
    if (reason !== last) console.error(JSON.stringify({ failed: reason }));
    last = reason;
  };
}

/** One message after another, from whichever edge it comes. */
class Turn {
  readonly #inOrder = inOrder();
  #waiting = 0;

  get waiting(): number {
    return this.#waiting;
  }

  async next<T>(work: () => Promise<T>): Promise<T> {
    this.#waiting += 1;
    return await this.#inOrder(work).finally(() => (this.#waiting -= 1));
  }

  async idle(): Promise<void> {
    await this.#inOrder(async () => {});
  }
}

/** One line of the log, as JSON. */
export function logged(thrown: unknown): string {
  return JSON.stringify(thrown instanceof CouldNotRun ? { problems: thrown.problems } : { failed: reasonOf(thrown) });
}
