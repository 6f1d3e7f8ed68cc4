/**
 * How near `fieldproof plan` comes with how long a check takes: it is asked, and then the check is run, by turns of all kinds of checks. Every
 * change has other bytes and answers alike, so none is kept from before. Each is timed by two clocks: one on the wall, and one that goes by what it
 * took of a processor, which is the same whoever else uses the machine.
 *
 *     node bench/plan-time.ts [--rounds 4] [--only quality|latency|real] [--home folder]
 *
 * `--home`: where the example's repositories are laid, and found again by a later run; else they are removed at the end.
 */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { checkModelChange, type CheckRequest } from '#pipelines/check';
import { planChecks, timed, type Times } from '#pipelines/plan';
import { silentProgress, systemClock, type Clock } from '#kernel';
import type { TimedCheck } from '#eval';
import { composeCheck } from '../cli/compose-check.ts';
import { makeRealRepository, modelFolder, withoutRealData } from '../testing/worlds/real-data.ts';
import { drawPorch, layPorch, onOneChipset } from './planned/porch-team.ts';
import { processorClock } from './planned/processor-clock.ts';
import { silentTerminal } from './planned/silent-terminal.ts';
import type { Team } from './planned/team.ts';

const { values } = parseArgs({
  options: { rounds: { type: 'string', default: '4' }, only: { type: 'string' }, home: { type: 'string' } },
});
const home = values.home ?? mkdtempSync(path.join(tmpdir(), 'fieldproof-plan-time-'));

const CLOCKS = { wall: systemClock, processor: processorClock };
type Word = keyof typeof CLOCKS;
type Kind = { name: string; team: Team; kept: boolean };
/** In seconds. */
type Timed = { said: number; took: number };

const kinds: Kind[] = [];
const removals: (() => Promise<void>)[] = [];
const wants = (what: string) => values.only === undefined || values.only === what;
if (wants('quality') || wants('latency')) await addPorch();
if (wants('real')) await addReal();
const kept = new Map<string, TimedCheck[]>();
const found = new Map<string, Timed[]>();
const run = Date.now().toString(36);
for (let round = 0; round <= Number(values.rounds); round += 1)
  for (const kind of kinds) await time(kind, `change-${run}-${round}-${kinds.indexOf(kind)}`, round > 0);
tell();
if (values.home === undefined) rmSync(home, { recursive: true });
for (const remove of removals) await remove();

async function addPorch(): Promise<void> {
  const data = await drawPorch(path.join(home, 'data'));
  if (wants('quality')) {
    const quality = layPorch(path.join(home, 'quality'), data, onOneChipset({ latency: false }));
    const early = layPorch(path.join(home, 'early'), data, onOneChipset({ latency: false, earlyStopping: 'to-fail' }));
    kinds.push(
      { name: 'the example: quality, baseline kept', team: quality, kept: true },
      { name: 'the example: quality, nothing kept', team: quality, kept: false },
      { name: 'the example: quality with early looks, baseline kept', team: early, kept: true },
    );
  }
  if (wants('latency')) {
    const timedToo = layPorch(path.join(home, 'latency'), data, onOneChipset({ latency: true }));
    kinds.push({ name: 'the example: quality and latency, baseline kept', team: timedToo, kept: true });
  }
}

async function addReal(): Promise<void> {
  if (withoutRealData !== null) {
    console.log(`SqueezeNet is left out: ${withoutRealData}\n`);
    return;
  }
  const repository = await makeRealRepository();
  const file = `${modelFolder}/model.yaml`;
  const description = readFileSync(path.join(repository.folder, file), 'utf8');
  const propose = async (name: string) => await repository.branch(name, 'main', { [file]: `${description}# ${name}\n` });
  const team = { folder: repository.folder, propose };
  removals.push(repository.remove);
  kinds.push(
    { name: 'SqueezeNet: quality, baseline kept', team, kept: true },
    { name: 'SqueezeNet: quality, nothing kept', team, kept: false },
  );
}

/** What each clock makes of one check, after what was said of it by what the same clock made of those before. */
async function time({ team, kept: isKept, name }: Kind, change: string, isCounted: boolean): Promise<void> {
  await team.propose(change);
  if (!isKept) rmSync(path.join(team.folder, '.git', 'fieldproof', 'answers'), { recursive: true, force: true });
  const said = new Map<Word, number | null>();
  for (const word of words()) said.set(word, await ask(team, timesOf(team, word)));
  await check(team, change);
  for (const word of words()) {
    const took = checksOf(team, word).at(-1)?.seconds ?? Number.NaN;
    const foretold = said.get(word) ?? null;
    console.error(`${name}, ${word}: ${foretold?.toFixed(1) ?? 'unknown'} s said, ${took.toFixed(1)} s taken`);
    if (foretold !== null && isCounted) timedOf(name, word).push({ said: foretold, took });
  }
}

async function ask(team: Team, times: Times): Promise<number | null> {
  const ports = await portsOf(team);
  const report = await planChecks(requestOf('main'), { ...ports, times });
  return report?.models[0]?.time.seconds ?? null;
}

async function check(team: Team, head: string): Promise<void> {
  const ports = await portsOf(team);
  const listening = words().reduce(
    (inner, word) => timed(inner, CLOCKS[word] satisfies Pick<Clock, 'elapsed'>, timesOf(team, word)),
    { ...silentProgress, close: () => {} },
  );
  await checkModelChange(requestOf(head), { ...ports, progress: listening });
  listening.close();
}

async function portsOf({ folder }: Team) {
  return { ...(await composeCheck({ repo: folder, runner: 'process' }, silentTerminal(folder))), progress: silentProgress };
}

function requestOf(head: string): CheckRequest {
  return { base: 'main', head, seed: null, policyFrom: 'base', identity: true, fresh: false };
}

function words(): Word[] {
  return ['wall', 'processor'];
}

function checksOf({ folder }: Team, word: Word): TimedCheck[] {
  const name = `${folder} ${word}`;
  const all = kept.get(name) ?? [];
  kept.set(name, all);
  return all;
}

function timesOf(team: Team, word: Word): Times {
  const all = checksOf(team, word);
  return { read: async () => await Promise.resolve(all), add: (one) => void all.push(one) };
}

function timedOf(name: string, word: Word): Timed[] {
  const key = `${name} ${word}`;
  const all = found.get(key) ?? [];
  found.set(key, all);
  return all;
}

function tell(): void {
  const row = (...cells: readonly string[]) => console.log(`| ${cells.join(' | ')} |`);
  row(
    'check',
    'seconds said',
    'taken',
    'taken over said',
    'within a quarter',
    'of a processor: said',
    'taken',
    'taken over said',
    'within a quarter',
  );
  row(...Array.from({ length: 9 }, () => '---'));
  for (const { name } of kinds) row(name, ...words().flatMap((word) => cellsOf(timedOf(name, word))));
}

function cellsOf(all: readonly Timed[]): string[] {
  const list = (of: readonly number[], digits: number) => of.map((value) => value.toFixed(digits)).join(', ');
  const ratios = all.map(({ said, took }) => took / said);
  const near = ratios.filter((ratio) => Math.abs(ratio - 1) <= 0.25).length;
  return [
    list(
      all.map(({ said }) => said),
      0,
    ),
    list(
      all.map(({ took }) => took),
      0,
    ),
    list(ratios, 2),
    `${near} of ${all.length}`,
  ];
}
