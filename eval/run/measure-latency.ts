import { CouldNotRun, type Clock, type InferRequest } from '#kernel';
import type { MachineState, RunningModel } from '#runners';
import { disturbanceBetween, energyBetween } from '../latency/disturbance.ts';
import { planStarts, requestsPerBlock, type Arm, type BlockPlan, type LatencyBlock } from '../latency/plan-blocks.ts';
import { median } from '../stats/quantile.ts';

/** A model and the requests that it is asked, one picture each, made beforehand. Request i of all arms is of one picture. */
export type LatencyArm = { model: RunningModel; requests: readonly InferRequest[] };

/** The candidate, and beside it the reference twice; a first release runs alone. */
export type LatencyArms = { candidate: LatencyArm; reference?: LatencyArm; control?: LatencyArm };

/** Starts all arms anew, and ends them: how fast a process is depends on where its memory came to lie, for all its life. */
export type LatencyStarts = { start: () => Promise<LatencyArms>; end: (arms: LatencyArms) => Promise<void> };

export type LatencyPlan = {
  /** How often the arms are started anew. */
  starts: number;
  /** More often while these are not enough, up to a most. `enough` goes by how precise they are, never by what they say. */
  longer?: { most: number; enough: (blocks: readonly LatencyBlock[]) => boolean };
  seed: number;
  clock: Clock;
  onPair?: (() => void) | undefined;
  /** What the machine does meanwhile. Without it nothing is known to have been disturbed. */
  machine?: MachineWatch | undefined;
  /** Milliseconds for all of it. Default: an hour, since each answer alone may be in time and all of them take days. */
  within?: number;
};

/** A pair that was disturbed is measured once more; where that is disturbed too, it is kept, and said. */
export type Told =
  | { kind: 'measured again' | 'kept'; why: string }
  | { kind: 'energy'; arm: Arm; requests: number; joules: number };

export type MachineWatch = { state: () => Promise<MachineState>; tell: (told: Told) => void };

const AN_HOUR = 3_600_000;

/** A clock, and when it is too late on it. */
type Watch = { clock: Clock; until: number };

const MOST_WARM_UP_REQUESTS = 200;
const WARM_UP = { requests: 10, milliseconds: 100 };
/** Untimed requests after each resume: caches and clock speeds are another model's then. */
const AFTER_RESUME = 2;

/**
 * Measures arms in turn on one machine, while the others are paused: within a pair each arm answers the same requests, one
 * at a time, in an order planned so that a drift of the machine falls on all alike.
 * @throws CouldNotRun when it takes longer than `within`, naming the model that was asked
 */
export async function measureLatency({ start, end }: LatencyStarts, plan: LatencyPlan): Promise<LatencyBlock[]> {
  const watch = { clock: plan.clock, until: plan.clock.elapsed() + (plan.within ?? AN_HOUR) };
  const blocks: LatencyBlock[] = [];
  for (const [index, pairs] of planStarts(plan.seed, plan.longer?.most ?? plan.starts).entries()) {
    if (index >= plan.starts && plan.longer?.enough(blocks) === true) break;
    const arms = await start();
    for await (const block of measureStart(arms, pairs, { ...watch, onPair: plan.onPair, machine: plan.machine }))
      blocks.push({ start: index, ...block });
    await end(arms);
  }
  return blocks;
}

async function* measureStart(
  arms: LatencyArms,
  pairs: readonly BlockPlan[],
  watch: Watch & Pick<LatencyPlan, 'onPair' | 'machine'>,
): AsyncGenerator<Omit<LatencyBlock, 'start'>> {
  const running = Object.values(arms);
  for (const { model } of running) await model.pause();
  const typical: number[] = [];
  for (const arm of running) typical.push(await awake(arm.model, async () => await warmUp(arm, watch)));
  const count = requestsPerBlock(Math.min(...typical));
  for (const plan of pairs) {
    yield* await measurePair(arms, plan, { ...watch, count });
    watch.onPair?.();
  }
}

type Pair = { blocks: Omit<LatencyBlock, 'start'>[]; disturbed: string | null };

/** Once, and once more where the machine was disturbed: what came of the first is then looked at by nobody. */
async function measurePair(arms: LatencyArms, plan: BlockPlan, watch: Visiting): Promise<Pair['blocks']> {
  const once = await visitAll(arms, plan, watch);
  if (once.disturbed === null) return once.blocks;
  watch.machine?.tell({ kind: 'measured again', why: once.disturbed });
  const again = await visitAll(arms, plan, watch);
  if (again.disturbed !== null) watch.machine?.tell({ kind: 'kept', why: again.disturbed });
  return again.blocks;
}

type Visiting = Watch & Pick<LatencyPlan, 'machine'> & { count: number };

async function visitAll(arms: LatencyArms, { pair, order }: BlockPlan, watch: Visiting): Promise<Pair> {
  const { machine, count } = watch;
  const measured: Pair = { blocks: [], disturbed: null };
  for (const name of order) {
    const arm = arms[name];
    if (arm === undefined) continue;
    const before = (await machine?.state()) ?? null;
    const milliseconds = await visit(arm, pair * count, count, watch);
    const after = (await machine?.state()) ?? null;
    measured.blocks.push({ pair, arm: name, milliseconds });
    measured.disturbed ??= disturbanceBetween(before, after);
    const joules = energyBetween(before, after);
    if (joules !== null) machine?.tell({ kind: 'energy', arm: name, requests: count + AFTER_RESUME, joules });
  }
  return measured;
}

async function visit(arm: LatencyArm, from: number, count: number, watch: Watch): Promise<number[]> {
  return await awake(arm.model, async () => {
    await ask(arm, from - AFTER_RESUME, AFTER_RESUME, watch);
    return await ask(arm, from, count, watch);
  });
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
async function warmUp(arm: LatencyArm, watch: Watch): Promise<number> {
  const { clock } = watch;
  const begun = clock.elapsed();
  const taken: number[] = [];
  while (taken.length < WARM_UP.requests || clock.elapsed() - begun < WARM_UP.milliseconds) {
    taken.push(...(await ask(arm, taken.length, 1, watch)));
    if (taken.length >= MOST_WARM_UP_REQUESTS) break;
  }
  return median(taken.slice(-WARM_UP.requests / 2));
}

/** Asks request after request, from the given one on and round again; returns the milliseconds of each. */
async function ask({ model, requests }: LatencyArm, from: number, count: number, { clock, until }: Watch): Promise<number[]> {
  const taken: number[] = [];
  for (let index = from; index < from + count; index += 1) {
    const request = requests.at(index % requests.length);
    if (request === undefined) throw new RangeError('latency is measured with at least one request');
    const begun = clock.elapsed();
    if (begun > until) throw tooSlow(model);
    await model.infer(request);
    taken.push(clock.elapsed() - begun);
  }
  return taken;
}

function tooSlow({ metadata }: RunningModel): CouldNotRun {
  return new CouldNotRun({
    file: `model ${metadata.name}`,
    message: 'it answers so slowly that its latency was not measured in the time that there is',
    remedy: 'make it faster, or see what it waits for; a machine that does other work too is slow for all',
  });
}
