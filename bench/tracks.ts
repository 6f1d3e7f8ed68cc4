/**
 * HOTA and IDF1 beside TrackEval, in one run: on the two TUD sequences that motmetrics carries, and on fuzzed ones.
 * `node bench/tracks.ts`; `node bench/tracks.ts write` writes tasks/detection/tracks/reference/tracks.json anew, which the tests are held
 * against. The Python packages are installed into .fieldproof/bench-tracks once.
 */
import { writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { pythonWith } from '../testing/python-peers.ts';
import { fuzzedTracks, trackNumbers, type TrackSet } from '../tasks/detection/tracks/reference/tracks.fixture.ts';

const PACKAGES = ['trackeval==1.3.0', 'motmetrics==1.4.0', 'numpy==2.4.6', 'scipy==1.17.1'];
const reference = resolve(import.meta.dirname, '../tasks/detection/tracks/reference');
const [COMMITTED, FUZZED] = [100, 1000];

type Numbers = { hota: number | null; idf1: number | null };

const ask = pythonWith('bench-tracks', PACKAGES);

function peers<T>(args: readonly string[], sets: readonly TrackSet[] = []): T[] {
  const lines = sets.map((set) => JSON.stringify(set));
  return ask(join(reference, 'peers.py'), args, lines).flatMap((line) => (line.startsWith('{') ? [JSON.parse(line) as T] : []));
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
