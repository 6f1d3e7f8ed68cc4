import * as fc from 'fast-check';
import { inTime } from '#kernel';

/** How many inputs each reader is given: a few in the ordinary run, 100,000 by `make test-fuzz`, or as many as are asked for. */
const RUNS = Number(process.env['FIELDPROOF_FUZZ_RUNS'] ?? (process.env['FIELDPROOF_FUZZ_TESTS'] === '1' ? 100_000 : 300));
const SEED = Number(process.env['FIELDPROOF_FUZZ_SEED'] ?? 1);
/** Milliseconds for all of them. */
const DEADLINE = 2 * 60 * 60_000;

/** @param cost of one input, where 1 is what a text costs: dearer ones are given as many fewer, and a hundred at least */
const options = (cost: number) => ({ numRuns: Math.max(100, Math.round(RUNS / cost)), seed: SEED });

/** A property of what reads at once. Its deadline ends a reader that hangs on one of them. */
export function forAll<T>(inputs: fc.Arbitrary<T>, property: (input: T) => void): void {
  inTime('all inputs', () => fc.assert(fc.property(inputs, property), options(1)), DEADLINE);
}

/** A property of what reads files. @param cost see `options` */
export async function forAllFiles<T>(inputs: fc.Arbitrary<T>, property: (input: T) => Promise<void>, cost = 1): Promise<void> {
  await fc.assert(fc.asyncProperty(inputs, property), options(cost));
}

/**
 * Texts that a stranger may write: of the words that a reader reacts to, and true ones with some of those put into them or cut
 * out.
 */
export function strangeTexts(words: readonly string[], ...truths: readonly string[]): fc.Arbitrary<string> {
  const word = fc.oneof({ weight: 8, arbitrary: fc.constantFrom(...words) }, fc.string({ unit: 'binary', maxLength: 6 }));
  const ofWords = fc.array(word, { maxLength: 24 }).map((parts) => parts.join(''));
  const cut = fc.record({ at: fc.nat(), length: fc.nat(12), put: word });
  const spoiled = fc
    .record({ truth: fc.constantFrom(...truths), cuts: fc.array(cut, { minLength: 1, maxLength: 4 }) })
    .map(({ truth, cuts }) => cuts.reduce(spoil, truth));
  return fc.oneof(ofWords, spoiled);
}

function spoil(text: string, { at, length, put }: { at: number; length: number; put: string }): string {
  const start = at % (text.length + 1);
  return text.slice(0, start) + put + text.slice(start + length);
}
