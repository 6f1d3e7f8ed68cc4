import type { Clock, InferRequest } from '#kernel';
import type { RunningModel } from '#runners';
import { random } from '../stats/rng.ts';
import { intendedStarts, SAMPLES_PER_QUERY, type Loaded, type Scenario } from './scenario.ts';

export type Load = { model: Pick<RunningModel, 'infer'>; requests: readonly InferRequest[]; clock: Clock; seed: number };

/** Queries under way at once where all samples are one query: enough for a server to be never idle. */
const AT_ONCE = 8;

/** Puts a model under load, and says how long each query took. */
export async function runScenario(scenario: Scenario, load: Load): Promise<Loaded> {
  switch (scenario.kind) {
    case 'single-stream':
      return await closedLoop(scenario.seconds, 1, load);
    case 'multi-stream':
      return await closedLoop(scenario.seconds, SAMPLES_PER_QUERY, load);
    case 'server':
    case 'camera':
      return await openLoop(intendedStarts(scenario, random(load.seed)), load);
    case 'offline':
      return await offline(scenario.seconds, load);
  }
}

async function closedLoop(seconds: number, samples: number, load: Load): Promise<Loaded> {
  const { clock } = load;
  const began = clock.elapsed();
  const milliseconds: number[] = [];
  while (clock.elapsed() - began < seconds * 1000) {
    const asked = clock.elapsed();
    const first = milliseconds.length * samples;
    await Promise.all(Array.from({ length: samples }, async (_, index) => await ask(load, first + index)));
    milliseconds.push(clock.elapsed() - asked);
  }
  return { milliseconds, samples: milliseconds.length * samples, seconds: (clock.elapsed() - began) / 1000 };
}

/**
 * Each query starts when it was meant to, whether or not those before it are answered, and its time counts from then: a server that
 * stalls makes all that come meanwhile late, which a loop that waits for it would not see (coordinated omission).
 */
async function openLoop(starts: readonly number[], load: Load): Promise<Loaded> {
  const { clock } = load;
  const began = clock.elapsed();
  const milliseconds: number[] = [];
  const underWay = new Set<Promise<void>>();
  for (const [index, start] of starts.entries()) {
    const early = began + start - clock.elapsed();
    if (early > 0) await clock.sleep(early);
    const answering = (async () => {
      await ask(load, index);
      milliseconds.push(clock.elapsed() - began - start);
    })();
    underWay.add(answering);
    void answering.finally(() => underWay.delete(answering)).catch(() => {});
  }
  await Promise.all(underWay);
  return { milliseconds, samples: starts.length, seconds: (clock.elapsed() - began) / 1000 };
}

async function offline(seconds: number, load: Load): Promise<Loaded> {
  const { clock } = load;
  const began = clock.elapsed();
  let samples = 0;
  await Promise.all(
    Array.from({ length: AT_ONCE }, async () => {
      while (clock.elapsed() - began < seconds * 1000) await ask(load, samples++);
    }),
  );
  return { milliseconds: [], samples, seconds: (clock.elapsed() - began) / 1000 };
}

async function ask({ model, requests }: Load, index: number): Promise<void> {
  const request = requests.at(index % requests.length);
  if (request === undefined) throw new RangeError('load is made of at least one request');
  await model.infer(request);
}
