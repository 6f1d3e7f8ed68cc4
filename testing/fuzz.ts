import { existsSync, mkdtempSync, realpathSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import * as fc from 'fast-check';
import { CouldNotRun, inTime } from '#kernel';

/** How many inputs each reader is given: a few in the ordinary run, 100,000 by `make test-fuzz`, or as many as are asked for. */
const RUNS = Number(process.env['FIELDPROOF_FUZZ_RUNS'] ?? (process.env['FIELDPROOF_FUZZ_TESTS'] === '1' ? 100_000 : 300));
const SEED = Number(process.env['FIELDPROOF_FUZZ_SEED'] ?? 1);
/** Milliseconds for all of them. */
const DEADLINE = 2 * 60 * 60_000;
/** Inputs after which a run of hours says that it is alive. */
const TOLD = 100_000;

/** @param cost of one input, where 1 is what a text costs: dearer ones are given as many fewer, and a hundred at least */
const options = (cost: number) => ({ numRuns: Math.max(100, Math.round(RUNS / cost)), seed: SEED });

/** A property of what reads at once. Its deadline ends a reader that hangs on one of them. */
export function forAll<T>(inputs: fc.Arbitrary<T>, property: (input: T) => void): void {
  const count = counter();
  const counted = (input: T) => {
    count(1);
    property(input);
  };
  inTime('all inputs', () => fc.assert(fc.property(inputs, counted), options(1)), DEADLINE);
}

/** A property of what reads files. @param cost see `options` */
export async function forAllFiles<T>(inputs: fc.Arbitrary<T>, property: (input: T) => Promise<void>, cost = 1): Promise<void> {
  const count = counter();
  const counted = async (input: T) => {
    count(1);
    await property(input);
  };
  await fc.assert(fc.asyncProperty(inputs, counted), { ...options(cost), endOnFailure: true });
}

/** A property of many inputs at once, where what reads them costs more to start than to run. */
export async function forAllTogether<T>(
  inputs: fc.Arbitrary<T>,
  together: number,
  property: (inputs: readonly T[]) => Promise<void>,
): Promise<void> {
  const several = fc.array(inputs, { minLength: together, maxLength: together });
  const count = counter();
  const counted = async (some: readonly T[]) => {
    count(some.length);
    await property(some);
  };
  const numRuns = Math.max(1, Math.ceil(RUNS / together));
  // What is wrong names its input; making a list of hundreds smaller would take hours.
  await fc.assert(fc.asyncProperty(several, counted), { numRuns, seed: SEED, endOnFailure: true });
}

function counter(): (inputs: number) => void {
  let done = 0;
  return (inputs) => {
    const before = done;
    done += inputs;
    if (RUNS > TOLD && Math.floor(done / TOLD) > Math.floor(before / TOLD)) process.stderr.write(`${done} inputs\n`);
  };
}

/** A new folder for what is written and read a million times: in memory, where the machine has a place for that. */
export function folderOfInputs(name: string): string {
  const memory = '/dev/shm';
  return realpathSync(mkdtempSync(path.join(existsSync(memory) ? memory : tmpdir(), `fieldproof-${name}-`)));
}

/**
 * Whatever a pull request writes there: what is read of it, or undefined where it is refused in words. Anything else that is thrown is
 * a fault.
 */
export function readOrRefused<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch (thrown) {
    if (!(thrown instanceof CouldNotRun)) throw thrown;
    return undefined;
  }
}

/** Any letters, halves of pairs included. The library's own (`unit: 'binary'`) looks at all of Unicode first, for a second. */
const letters = fc
  .array(fc.oneof(fc.nat(0xff), fc.nat(0xffff), fc.nat(0x10ffff)), { maxLength: 6 })
  .map((points) => String.fromCodePoint(...points));

/**
 * Texts that a stranger may write: of the words that a reader reacts to, and true ones with some of those put into them or cut
 * out.
 */
export function strangeTexts(words: readonly string[], ...truths: readonly string[]): fc.Arbitrary<string> {
  const word = fc.oneof({ weight: 8, arbitrary: fc.constantFrom(...words) }, letters);
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

/** What a reader of JSON reacts to. */
export const jsonWords: readonly string[] =
  '{ } [ ] " : , null true 0 -1 -0 1e999 "" \\u0000 \\u001b \uFEFF "__proto__" "constructor" \u202e ::error::'.split(' ');

/** Some bytes of a true file set to others, and perhaps its end cut off. */
export type Spoilt = { which: number; cuts: readonly { at: number; byte: number }[]; keep: number };

export const spoilt: fc.Arbitrary<Spoilt> = fc.record({
  which: fc.nat(),
  cuts: fc.array(fc.record({ at: fc.nat(), byte: fc.nat(255) }), { minLength: 1, maxLength: 6 }),
  keep: fc.oneof({ weight: 3, arbitrary: fc.constant(1) }, fc.double({ min: 0, max: 1, noNaN: true })),
});

/** @param wholes the true files, one of which `which` chooses */
export function spoiltBytes(wholes: readonly Uint8Array[], { which, cuts, keep }: Spoilt): Uint8Array {
  const copy = Uint8Array.from(wholes[which % wholes.length] ?? []);
  for (const { at, byte } of cuts) copy[at % copy.length] = byte;
  return copy.subarray(0, Math.ceil(copy.length * keep));
}
