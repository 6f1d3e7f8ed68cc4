import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  makeDeployedRepository,
  runFieldproof,
  startFieldproof,
  type ModelRepository,
} from '../testing/worlds/model-repository.ts';
import { checkReportSchema } from '../report/documents/check-report.ts';

const KILLS = 6;
const SEED = 7;
const CHECK = ['check', '--base', 'main', '--head', 'change', '--json', '../report.json'];

let undisturbed: ModelRepository;
let killed: ModelRepository;
beforeAll(async () => {
  undisturbed = await makeDeployedRepository();
  await undisturbed.propose('change', { gains: [1.1, 1.1, 1.1] });
  killed = undisturbed.copy();
});
afterAll(() => {
  undisturbed.remove();
  killed.remove();
});

/** A linear congruential generator: the same seed, the same moments. */
function* fractions(seed: number): Generator<number, never> {
  for (let state = seed; ;) {
    state = (state * 1_103_515_245 + 12_345) % 2 ** 31;
    yield state / 2 ** 31;
  }
}

/** Ends the CLI and all that shares its process group, as an operator or a runner's time limit would. */
async function killDuringCheck(repository: ModelRepository, milliseconds: number): Promise<NodeJS.Signals | null> {
  const child = startFieldproof(repository, CHECK);
  const ended = new Promise<NodeJS.Signals | null>((resolve) => child.once('close', (_, signal) => resolve(signal)));
  await Promise.race([sleep(milliseconds), ended]);
  if (child.pid !== undefined && child.exitCode === null) process.kill(-child.pid, 'SIGKILL');
  return await ended;
}

/** What was decided and why, without the times that no two runs share. */
function verdictOf({ folder }: ModelRepository) {
  const report = checkReportSchema.parse(JSON.parse(readFileSync(path.join(folder, 'report.json'), 'utf8')));
  const { outcome, models } = report;
  return {
    outcome,
    models: models.map(({ candidate, baselines, findings, prediction, history }) => ({
      candidate,
      baselines,
      findings,
      prediction,
      history,
    })),
  };
}

/** Command lines of the processes that name the repository's folder, such as a runtime that nobody stopped. */
function processesOf({ folder }: ModelRepository): string[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name) && Number(name) !== process.pid)
    .flatMap((pid) => commandOf(pid))
    .filter((command) => command.includes(folder));
}

function commandOf(pid: string): string[] {
  try {
    return [readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ')];
  } catch {
    return []; // It has just ended.
  }
}

async function until(condition: () => boolean, milliseconds: number): Promise<void> {
  for (const deadline = performance.now() + milliseconds; !condition() && performance.now() < deadline;) await sleep(100);
}

describe('a check that is interrupted', () => {
  it.each(['SIGINT', 'SIGTERM'] as const)('by %s leaves neither files nor processes behind', async (signal) => {
    const child = startFieldproof(killed, CHECK);
    const ended = new Promise<number | null>((resolve) => child.once('close', (code) => resolve(code)));
    const temporary = () => readdirSync(path.join(killed.folder, 'tmp'));
    await until(() => temporary().some((name) => name.startsWith('fieldproof-')), 300_000);
    expect(temporary()).not.toEqual([]);
    child.kill(signal);
    expect(await ended).toBe(signal === 'SIGINT' ? 130 : 143);
    await until(() => temporary().length === 0 && processesOf(killed).length === 0, 5000);
    expect(temporary()).toEqual([]);
    expect(processesOf(killed)).toEqual([]);
  });
});

describe('a check that is killed', () => {
  it('ends with the same verdict when it is run again, and leaves one history and no process behind', async () => {
    const whole = await runFieldproof(undisturbed, CHECK);
    expect(whole.code).toBe(0);
    const moments = fractions(SEED);
    const signals = [];
    for (let kill = 0; kill < KILLS; kill += 1) {
      // Later each time, since what was kept makes each run shorter; never so late that it would have ended.
      const share = (kill + moments.next().value) / KILLS;
      signals.push(await killDuringCheck(killed, 200 + share * 0.9 * whole.seconds * 1000));
    }
    expect(signals).toContain('SIGKILL');
    const { code, stderr } = await runFieldproof(killed, CHECK);
    expect(stderr).not.toContain('could not run');
    expect(code).toBe(0);
    expect(verdictOf(killed)).toEqual(verdictOf(undisturbed));
    const history = await runFieldproof(killed, ['ledger', '--json']);
    expect(history.code).toBe(0);
    expect(history.stdout.match(/"kind":"prediction"/g)).toHaveLength(1);
    expect(killed.git('fsck', '--full', '--strict', '--no-dangling')).toBe('');
    expect(killed.gitFleet('fsck', '--full', '--strict', '--no-dangling')).toBe('');
    await until(() => processesOf(killed).length === 0, 5000);
    expect(processesOf(killed)).toEqual([]);
  });
});
