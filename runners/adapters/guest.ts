import { setTimeout as sleep } from 'node:timers/promises';
import { z } from 'zod';
import { CouldNotRun, onlyStage, reasonOf, type ModelMetadata, type Problem } from '#kernel';
import type { RunningModel, Servable, StartOptions } from '../model-runner.ts';
import { NoAnswer } from './ask-server.ts';
import type { Door, InferenceClient } from './inference-client.ts';
import { endOfLog, printable } from './log-tail.ts';

/** A model server that has been started, in a process or in a container; `takeIn` makes a running model of it. */
export type Guest = {
  door: Door;
  /** Resolves with what happened when it ends, unless it was stopped. */
  ended: Promise<Ending>;
  log(): Promise<string>;
  pause(): Promise<void>;
  resume(): Promise<void>;
  peakMemory(): Promise<number | null>;
  /** Ends it and removes all that was made for it. May be called again. */
  stop(): Promise<void>;
};

/** `what` follows "the model": "crashed: exit code 3". */
export type Ending = { what: string; remedy: string };

const text = z.string().transform((value) => printable(value, 2000));
const place = { line: z.number().optional(), column: z.number().optional(), field: text.optional() };
const problemLine = z.object({ problems: z.array(z.object({ file: text, ...place, message: text, remedy: text })).min(1) });

const READY_WITHIN = 60_000;
const ANSWER_WITHIN = 30_000;
const ASK_EVERY = 25;
/** A crash is seen first as a broken connection; this long we wait to be told its reason. */
const REASON_WITHIN = 1000;

/**
 * Waits until the guest is ready.
 * @throws CouldNotRun after stopping it, with the end of its log
 */
export async function takeIn(guest: Guest, servable: Servable, options: StartOptions): Promise<RunningModel> {
  const { openInferenceClient } = await import('./inference-client.ts');
  const client = openInferenceClient(guest.door, {
    answerWithin: options.answerWithin ?? ANSWER_WITHIN,
    stranger: servable.kind === 'container',
    wanted: (servable.kind === 'container' ? servable.serves : undefined) ?? { name: null, version: null },
  });
  let ending: Ending | undefined;
  const watching = (async () => {
    ending = await guest.ended;
    // Whatever is under way fails at once, not when its deadline comes.
    await client.close();
  })();
  const stop = async () => {
    await client.close();
    await guest.stop();
    await watching;
  };
  const explain = async (thrown: unknown): Promise<CouldNotRun> => {
    if (thrown instanceof CouldNotRun) return thrown;
    if (ending === undefined && thrown instanceof NoAnswer && thrown.failing === 'broken')
      await Promise.race([guest.ended, sleep(REASON_WITHIN)]);
    const log = await guest.log().catch((cause: unknown) => `its log could not be read: ${reasonOf(cause)}`);
    const own = servable.kind === 'model' ? problemsIn(log, servable.folder) : [];
    return new CouldNotRun(own.length > 0 ? own : problemOf(servable, thrown, ending, endOfLog(log)), { cause: thrown });
  };
  try {
    await untilReady(client, () => ending !== undefined, options);
    const metadata = await client.describe();
    return runningModel(guest, client, metadata, explain, stop);
  } catch (thrown) {
    const problem = await explain(thrown);
    await stop();
    options.signal?.throwIfAborted();
    throw problem;
  }
}

function runningModel(
  guest: Guest,
  client: InferenceClient,
  metadata: ModelMetadata,
  explain: (thrown: unknown) => Promise<CouldNotRun>,
  stop: () => Promise<void>,
): RunningModel {
  return {
    metadata,
    infer: async (request) => {
      try {
        return await client.infer(request);
      } catch (thrown) {
        throw await explain(thrown);
      }
    },
    manner: () => client.manner(),
    pause: async () => await guest.pause(),
    resume: async () => await guest.resume(),
    peakMemory: async () => await guest.peakMemory(),
    stop,
  };
}

async function untilReady(client: InferenceClient, hasEnded: () => boolean, options: StartOptions): Promise<void> {
  const patience = options.readyWithin ?? READY_WITHIN;
  const deadline = performance.now() + patience;
  while (!(await readyWithin(client, deadline - performance.now()))) {
    options.signal?.throwIfAborted();
    if (hasEnded()) throw new NoAnswer('it ended before it was ready');
    if (performance.now() >= deadline) throw new NoAnswer(`it was not ready within ${patience / 1000} s`);
    await sleep(ASK_EVERY);
  }
}

/** A server that accepts and then says nothing must not outlive the deadline. */
async function readyWithin(client: InferenceClient, milliseconds: number): Promise<boolean> {
  const waking = new AbortController();
  const late = sleep(Math.max(0, milliseconds), false, { signal: waking.signal }).catch(() => false);
  return await Promise.race([client.ready(), late]).finally(() => waking.abort());
}

/** Our runtime prints what is wrong with a model as a line of JSON before it ends: file, line and remedy go to the user as they are. */
function problemsIn(log: string, folder: string): Problem[] {
  const line = log.split('\n').findLast((entry) => entry.startsWith('{"problems":'));
  if (line === undefined) return [];
  try {
    return problemLine.parse(JSON.parse(line)).problems.map(({ file, line: at, column, field, ...problem }) => ({
      ...problem,
      file: file.replace(/^\/model(?=\/|$)/, () => folder), // as a container calls it
      ...(at !== undefined && { line: at }),
      ...(column !== undefined && { column }),
      ...(field !== undefined && { field }),
    }));
  } catch {
    return [];
  }
}

function problemOf(servable: Servable, thrown: unknown, ending: Ending | undefined, log: string): Problem {
  const file =
    servable.kind === 'model' ? `${servable.folder}/model.yaml` : `container image ${onlyStage(servable.release).model}`;
  if (ending !== undefined) return { file, message: `the model ${ending.what}; ${log}`, remedy: ending.remedy };
  return {
    file,
    message: `the model can't be used: ${thrown instanceof NoAnswer ? thrown.message : reasonOf(thrown)}; ${log}`,
    remedy: 'start it by hand and ask it the same: see docs/models.md for what it must answer',
  };
}
