import type { Clock, InferRequest } from '#kernel';
import type { RunningModel } from '../model-runner.ts';
import { median } from '../stats/quantile.ts';
import { random, shuffled } from '../stats/rng.ts';

/** `control` is the baseline once more, in a server of its own: what differs between these two is noise. */
export type Arm = 'baseline' | 'candidate' | 'control';

/** What one arm took for each of its requests, in one visit. Blocks of one pair had the same requests, one arm after another. */
export type LatencyBlock = { pair: number; arm: Arm; milliseconds: readonly number[] };

/** A model and the requests that it is asked, one picture each, made beforehand. Request i of all arms is of one picture. */
export type LatencyArm = { model: RunningModel; requests: readonly InferRequest[] };

export type LatencyPlan = {
  pairs: number;
  seed: number;
  clock: Clock;
  onPair?: () => void;
};

const ARMS = ['baseline', 'candidate', 'control'] as const;
const LEAST_REQUESTS = 5;
const MOST_REQUESTS = 200;
/** Milliseconds. A little above the 50 that a block must last, for the fastest arm decides how many requests it has. */
const BLOCK = 60;
const WARM_UP = { requests: 10, milliseconds: 300 };
/** Untimed requests after each resume: caches and clock speeds are another model's then. */
const AFTER_RESUME = 2;

/**
 * Measures arms in turn on one machine, while the others are paused: within a pair each arm answers the same requests, one
 * at a time; the order of the arms is drawn for every other pair and reversed for the next (ABBA), so that a drift of the
 * machine falls on all alike. All arms are paused at the end.
 */
export async function measureLatency(arms: Readonly<Record<Arm, LatencyArm>>, plan: LatencyPlan): Promise<LatencyBlock[]> {
  const next = random(plan.seed);
  for (const arm of ARMS) await arms[arm].model.pause();
  const typical: number[] = [];
  for (const arm of ARMS) typical.push(await awake(arms[arm].model, async () => await warmUp(arms[arm], plan.clock)));
  const count = Math.min(MOST_REQUESTS, Math.max(LEAST_REQUESTS, Math.ceil(BLOCK / Math.min(...typical))));
  const blocks: LatencyBlock[] = [];
  let order: readonly Arm[] = ARMS;
  for (let pair = 0; pair < plan.pairs; pair += 1) {
    order = pair % 2 === 0 ? shuffled(ARMS, next) : order.toReversed();
    for (const arm of order) {
      const milliseconds = await awake(arms[arm].model, async () => {
        await ask(arms[arm], pair * count - AFTER_RESUME, AFTER_RESUME, plan.clock);
        return await ask(arms[arm], pair * count, count, plan.clock);
      });
      blocks.push({ pair, arm, milliseconds });
    }
    plan.onPair?.();
  }
  return blocks;
}

async function awake<T>(model: RunningModel, work: () => Promise<T>): Promise<T> {
  await model.resume();
  try {
    return await work();
  } finally {
    await model.pause();
  }
}

/** Until it has answered a while; returns what it typically takes, in milliseconds. */
async function warmUp(arm: LatencyArm, clock: Clock): Promise<number> {
  const begun = clock.elapsed();
  const taken: number[] = [];
  while (taken.length < WARM_UP.requests || clock.elapsed() - begun < WARM_UP.milliseconds) {
    taken.push(...(await ask(arm, taken.length, 1, clock)));
    if (taken.length >= MOST_REQUESTS) break;
  }
  return median(taken.slice(-LEAST_REQUESTS));
}

/** Asks request after request, from the given one on and round again; returns the milliseconds of each. */
async function ask({ model, requests }: LatencyArm, from: number, count: number, clock: Clock): Promise<number[]> {
  const taken: number[] = [];
  for (let index = from; index < from + count; index += 1) {
    const request = requests.at(index % requests.length);
    if (request === undefined) throw new RangeError('latency is measured with at least one request');
    const begun = clock.elapsed();
    await model.infer(request);
    taken.push(clock.elapsed() - begun);
  }
  return taken;
}
