import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { assert, asyncModelRun, asyncProperty, commands, constant, nat, tuple, type AsyncCommand } from 'fast-check';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Entry } from '#ledger';
import { sortByTrust, type Trust } from '../trust.ts';
import { LEDGER, SharedLedger, type Job, type SigningKey } from '../../testing/worlds/shared-ledger.ts';

/**
 * Writers that sign, somebody who does not, a branch that is pushed by force and moved back, and writers that are killed between
 * any two calls of git, in any order; over real repositories. RUNS in the environment makes it longer.
 */
const RUNS = Number(process.env['FIELDPROOF_LEDGER_RUNS'] ?? 6);
const STEPS = 24;

type Writer = { job: Job; acknowledged: string[] };
/** `meant`: all that a writer ever tried to say, acknowledged or not; `tips`: where the remote has been. */
type State = { writers: readonly Writer[]; forger: Job; meant: Set<string>; tips: (string | null)[] };
type Step = AsyncCommand<object, State>;

let world: SharedLedger;
let key: SigningKey;
let policy: Trust;
let count = 0;
beforeAll(async () => {
  world = await SharedLedger.start();
  key = world.key('ours');
  policy = { name: 'acme/porch', keys: [{ publicKey: key.publicKey, from: '2026-01-01', until: '2099-12-31' }] };
});
// A hundred plays leave some five hundred clones.
afterAll(() => world.close(), 600_000);

const terms = () => ({ ledger: policy.name, counting: (entries: readonly Entry[]) => sortByTrust(entries, policy).trusted });
const note = (text: string) => ({ kind: 'note', text });
const textsOf = (entries: readonly Entry[]) => entries.map(({ record }) => JSON.stringify(record.fact['text'] ?? null));

/** A git that dies when it has been called so many times, and all after it: the process that called it is as good as killed. */
function dyingGit(calls: number): string {
  count += 1;
  const folder = path.join(world.root, `git-${count}`);
  mkdirSync(folder);
  const left = path.join(folder, 'left');
  writeFileSync(left, `${calls}\n`);
  const script = `#!/bin/sh\nread left < ${left}\n[ "$left" -gt 0 ] || exit 137\necho $((left - 1)) > ${left}\nPATH="${process.env['PATH']}" exec git "$@"\n`;
  writeFileSync(path.join(folder, 'git'), script);
  chmodSync(path.join(folder, 'git'), 0o755);
  return `${folder}:${process.env['PATH']}`;
}

const writerOf = (state: State, index: number): Writer => {
  const writer = state.writers[index % state.writers.length];
  if (writer === undefined) throw new Error('no writer');
  return writer;
};
const asWriter = (folder: string, PATH?: string): Job =>
  world.job({ key, terms: terms(), folder, remote: world.bare, ...(PATH !== undefined && { path: PATH }) });

const step = (name: string, run: (state: State) => Promise<void>): Step => ({
  check: () => true,
  run: async (_, state) => {
    await run(state);
    state.tips.push(world.tip());
    await nothingForeignIsSigned(state);
  },
  toString: () => name,
});
const refusals = /went back behind what was seen|were not appended here/;

async function share({ job }: Pick<Writer, 'job'>): Promise<boolean> {
  try {
    await job.share();
    return true;
  } catch (thrown) {
    expect(String(thrown)).toMatch(refusals);
    return false;
  }
}

async function append(writer: Writer, job: Job, state: State): Promise<void> {
  count += 1;
  const text = `fact ${count}`;
  state.meant.add(text);
  await job.ledger.append([note(text)], terms());
  writer.acknowledged.push(text);
}

const sharing = nat(1).map((who) => step(`share of ${who}`, async (state) => void (await share(writerOf(state, who)))));

const steps = [
  nat(1).map((who) =>
    step(`append by ${who}`, async (state) => await append(writerOf(state, who), writerOf(state, who).job, state)),
  ),
  sharing,
  sharing,
  tuple(nat(1), nat(25)).map(([who, calls]) =>
    step(`kill of ${who} after ${calls} calls of git`, async (state) => {
      const writer = writerOf(state, who);
      const job = asWriter(writer.job.folder, dyingGit(calls));
      await append(writer, job, state).catch(() => null);
      await job.share().catch(() => null);
    }),
  ),
  constant(
    step('forged facts, unsigned', async ({ forger }) => {
      await share({ job: forger });
      count += 1;
      await forger.ledger.append([note(`forged ${count}`)]);
      await share({ job: forger });
    }),
  ),
  nat(1).map((who) =>
    step(`a forged fact put into the copy of ${who}`, async (state) => {
      const { job } = writerOf(state, who);
      if (job.git('for-each-ref', `refs/heads/${LEDGER}`) === '') return;
      const planter = world.job();
      planter.git('fetch', '--quiet', job.folder, `+${LEDGER}:${LEDGER}`);
      count += 1;
      await planter.ledger.append([note(`planted ${count}`)]);
      job.git('fetch', '--quiet', planter.folder, `${LEDGER}:${LEDGER}`);
    }),
  ),
  nat(20).map((back) =>
    step(`rewind to where it was ${back} steps ago`, (state) =>
      Promise.resolve(world.force(state.tips.at(-1 - (back % state.tips.length)) ?? null)),
    ),
  ),
];

async function nothingForeignIsSigned({ writers, meant }: State): Promise<void> {
  for (const { ledger } of [world.job({ folder: world.bare }), ...writers.map(({ job }) => job)]) {
    const signed = (await ledger.entries()).filter(({ link }) => link.signature !== undefined);
    for (const text of textsOf(signed)) expect(meant).toContain(JSON.parse(text));
    const { trusted } = sortByTrust(await ledger.entries(), policy);
    expect(trusted).toHaveLength(signed.length);
  }
}

/** In the copy of whoever was told so always, whatever became of the remote; and in the remote once it was shared. */
async function everyAcknowledgedFactIsThereOnce({ writers }: State): Promise<void> {
  for (const writer of writers) {
    const isShared = await share(writer);
    const places = isShared ? [writer.job, world.job({ folder: world.bare })] : [writer.job];
    for (const { ledger } of places) {
      const texts = textsOf(sortByTrust(await ledger.entries(), policy).trusted);
      for (const text of writer.acknowledged) expect(texts.filter((each) => each === JSON.stringify(text))).toHaveLength(1);
    }
  }
}

it(
  'signs nothing foreign and loses nothing that was acknowledged, in any order of writers, syncs, forced pushes, rewinds and kills',
  async () => {
    const property = asyncProperty(commands(steps as never, { maxCommands: STEPS, size: 'max' }), async (plan) => {
      world.force(null);
      const writers = ['a', 'b'].map(() => ({ job: asWriter(world.job().folder), acknowledged: [] as string[] }));
      const forger = world.job({ remote: world.bare });
      const real: State = { writers, forger, meant: new Set(), tips: [null] };
      await asyncModelRun(() => ({ model: {}, real }), plan as Iterable<Step>);
      await everyAcknowledgedFactIsThereOnce(real);
    });
    await assert(property, { numRuns: RUNS, ...(RUNS === 6 && { seed: 20_261_128 }), endOnFailure: true });
  },
  RUNS * 60_000,
);
