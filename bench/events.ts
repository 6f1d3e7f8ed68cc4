/**
 * Event metrics beside ActEV_Scorer, which is not on any registry: `node bench/events.ts <folder of its checkout>` compares on fuzzed sets;
 * `... write` after it writes tasks/events/reference/actev.json anew, which the tests are held against. Python packages are installed into
 * .fieldproof/bench-events once.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { fuzzedEvents } from '../tasks/events/reference/events.fixture.ts';
import { eventNumbers, type EventNumbers } from '../tasks/events/reference/numbers.fixture.ts';

const PACKAGES = ['munkres==1.0.12', 'numpy==2.4.6', 'dill==0.4.1'];
const root = resolve(import.meta.dirname, '..');
const [folder, reference] = [join(root, '.fieldproof/bench-events'), join(root, 'tasks/events/reference')];
const [COMMITTED, FUZZED] = [100, 1000];
const [scorer, what] = process.argv.slice(2);
if (scorer === undefined) throw new Error('node bench/events.ts <folder of ActEV_Scorer> [write]');

function run(command: string, args: readonly string[], input = ''): string {
  const done = spawnSync(command, args, { input, encoding: 'utf8', maxBuffer: 2 ** 30 });
  if (done.status === 0) return done.stdout;
  throw new Error(`${command} ${args.join(' ')}: ${done.error?.message ?? done.stderr}`);
}

if (!existsSync(join(folder, 'whole'))) {
  run('python3', ['-m', 'venv', folder]);
  run(join(folder, 'bin/pip'), ['install', '--quiet', ...PACKAGES]);
  writeFileSync(join(folder, 'whole'), PACKAGES.join('\n'));
}
const sets = Array.from({ length: what === 'write' ? COMMITTED : FUZZED }, (_, seed) => fuzzedEvents(seed));
const theirs = run(
  join(folder, 'bin/python'),
  [join(reference, 'actev.py'), scorer],
  sets.map((set) => `${JSON.stringify(set)}\n`).join(''),
)
  .split('\n')
  .filter((line) => line.startsWith('{'))
  .map((line) => JSON.parse(line) as EventNumbers);
if (what === 'write') {
  const rows = theirs.map((numbers, seed) => JSON.stringify({ seed, ...numbers }));
  writeFileSync(join(reference, 'actev.json'), `[\n${rows.join(',\n')}\n]\n`);
} else {
  const gaps = sets.flatMap((set, at) => {
    const [a, b] = [eventNumbers(set), theirs[at]];
    return listOf(a).map((value, place) => gap(value, b === undefined ? null : (listOf(b)[place] ?? null)));
  });
  console.log(`${sets.length} fuzzed sets: apart by ${gaps.reduce((most, one) => Math.max(most, one), 0)} at most`);
}

function listOf({ recall, falseAlarms, atRate }: EventNumbers): (number | null)[] {
  return [recall, falseAlarms, ...atRate];
}

function gap(a: number | null, b: number | null): number {
  if (a === null || b === null) return a === b ? 0 : Number.POSITIVE_INFINITY;
  return Math.abs(a - b);
}
