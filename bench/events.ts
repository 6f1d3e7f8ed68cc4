/**
 * Event metrics beside ActEV_Scorer, which is not on any registry: `node bench/events.ts <folder of its checkout>` compares on fuzzed sets;
 * `... write` after it writes tasks/events/reference/actev.json anew, which the tests are held against. Python packages are installed into
 * .fieldproof/bench-events once.
 */
import { writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { fuzzedEvents } from '../tasks/events/reference/events.fixture.ts';
import { eventNumbers, type EventNumbers } from '../tasks/events/reference/numbers.fixture.ts';
import { pythonWith } from '../testing/python-peers.ts';

const PACKAGES = ['munkres==1.0.12', 'numpy==2.4.6', 'dill==0.4.1'];
const reference = resolve(import.meta.dirname, '../tasks/events/reference');
const [COMMITTED, FUZZED] = [100, 1000];
const [scorer, what] = process.argv.slice(2);
if (scorer === undefined) throw new Error('node bench/events.ts <folder of ActEV_Scorer> [write]');

const sets = Array.from({ length: what === 'write' ? COMMITTED : FUZZED }, (_, seed) => fuzzedEvents(seed));
const theirs = pythonWith('bench-events', PACKAGES)(
  join(reference, 'actev.py'),
  [scorer],
  sets.map((set) => JSON.stringify(set)),
).flatMap((line) => (line.startsWith('{') ? [JSON.parse(line) as EventNumbers] : []));
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
