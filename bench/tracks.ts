/**
 * HOTA and IDF1 beside TrackEval, in one run: on the two TUD sequences that motmetrics carries, and on fuzzed ones.
 * `node bench/tracks.ts`; `node bench/tracks.ts write` writes tasks/detection/tracks/reference/tracks.json anew, which the tests are held
 * against. The Python packages are installed into .fieldproof/bench-tracks once.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { fuzzedTracks, trackNumbers, type TrackSet } from '../tasks/detection/tracks/reference/tracks.fixture.ts';

const PACKAGES = ['trackeval==1.3.0', 'motmetrics==1.4.0', 'numpy==2.4.6', 'scipy==1.17.1'];
const root = resolve(import.meta.dirname, '..');
const [folder, reference] = [join(root, '.fieldproof/bench-tracks'), join(root, 'tasks/detection/tracks/reference')];
const [COMMITTED, FUZZED] = [100, 1000];

type Numbers = { hota: number | null; idf1: number | null };

function run(command: string, args: readonly string[], input = ''): string {
  const done = spawnSync(command, args, { input, encoding: 'utf8', maxBuffer: 2 ** 30 });
  if (done.status === 0) return done.stdout;
  throw new Error(`${command} ${args.join(' ')}: ${done.error?.message ?? done.stderr}`);
}

function install(): void {
  if (existsSync(join(folder, 'whole'))) return;
  run('python3', ['-m', 'venv', folder]);
  run(join(folder, 'bin/pip'), ['install', '--quiet', ...PACKAGES]);
  writeFileSync(join(folder, 'whole'), PACKAGES.join('\n'));
}

function peers<T>(args: readonly string[], sets: readonly TrackSet[] = []): T[] {
  const output = run(
    join(folder, 'bin/python'),
    [join(reference, 'peers.py'), ...args],
    sets.map((set) => `${JSON.stringify(set)}\n`).join(''),
  );
  return output
    .split('\n')
    .filter((line) => line.startsWith('{'))
    .map((line) => JSON.parse(line) as T);
}

/** How far two lists of numbers lie apart at most; infinitely, where one is not defined and the other is. */
function apart(ours: readonly Numbers[], theirs: readonly Numbers[]): number {
  const gaps = ours.flatMap(({ hota, idf1 }, at) => {
    const other = theirs[at] ?? { hota: null, idf1: null };
    return [gap(hota, other.hota), gap(idf1, other.idf1)];
  });
  return gaps.reduce((most, one) => Math.max(most, one), 0);
}

function gap(a: number | null, b: number | null): number {
  if (a === null || b === null) return a === b ? 0 : Number.POSITIVE_INFINITY;
  return Math.abs(a - b);
}

install();
if (process.argv[2] === 'write') {
  const sets = Array.from({ length: COMMITTED }, (_, seed) => fuzzedTracks(seed));
  const rows = peers<Numbers>([], sets).map((numbers, seed) => JSON.stringify({ seed, ...numbers }));
  writeFileSync(join(reference, 'tracks.json'), `[\n${rows.join(',\n')}\n]\n`);
} else {
  const street = peers<TrackSet>(['tud']);
  for (const [at, name] of ['TUD-Campus', 'TUD-Stadtmitte'].entries()) {
    const set = street[at];
    if (set === undefined) throw new Error(`motmetrics carries no ${name}`);
    const [ours, [theirs]] = [trackNumbers(set), peers<Numbers>([], [set])];
    if (theirs === undefined) throw new Error('no answer');
    console.log(`${name}: ours ${JSON.stringify(ours)}, TrackEval ${JSON.stringify(theirs)}, apart ${apart([ours], [theirs])}`);
  }
  const sets = Array.from({ length: FUZZED }, (_, seed) => fuzzedTracks(seed));
  const far = apart(
    sets.map((set) => trackNumbers(set)),
    peers<Numbers>([], sets),
  );
  console.log(`${FUZZED} fuzzed sets: apart by ${far} at most`);
}
