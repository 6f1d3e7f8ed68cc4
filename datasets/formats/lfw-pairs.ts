import { MOST_PROBLEMS, type Problem } from '#kernel';
import { readBounded } from '../bounded-list.ts';
import type { Checked } from '../declared.ts';
import { pairFault, picturesOf, type DeclaredPair, type DeclaredPairs } from './declared-pairs.ts';

/**
 * Pairs from LFW's pairs.txt: a first line of how many folds there are and how many pairs of each kind a fold has (or that number alone,
 * as in pairsDevTest.txt), then per fold the pairs of one person (`name n m`), then those of two (`name n other m`).
 * Pictures are `name/name_0001.jpg`.
 * Source: http://vis-www.cs.umass.edu/lfw/README.txt
 */
export function readLfwPairs(text: string, file: string): Checked<DeclaredPairs> {
  return readBounded(text, { file }, () => {
    const [first = '', ...lines] = text.replace(/^\uFEFF/, '').split(/\r?\n/);
    const counts = /^\s*(\d{1,4})(?:\s+(\d{1,6}))?\s*$/.exec(first);
    if (counts === null) {
      const remedy = 'write how many folds there are, and how many pairs of each kind a fold has';
      return { value: { pictures: [], pairs: [] }, problems: [{ file, line: 1, message: 'is not two numbers', remedy }] };
    }
    const [folds, half] = counts[2] === undefined ? [1, Number(counts[1])] : [Number(counts[1]), Number(counts[2])];
    return readLines(lines, file, folds, half);
  });
}

function readLines(lines: readonly string[], file: string, folds: number, half: number): Checked<DeclaredPairs> {
  const pairs: DeclaredPair[] = [];
  const problems: Problem[] = [];
  const identities = new Map<string, string>();
  for (const [index, line] of lines.entries()) {
    if (line.trim() === '') continue;
    const at = { file, line: index + 2 };
    const read = readLine(line.trim().split(/\s+/));
    const position = pairs.length + problems.length;
    const expected = position % (2 * half) < half;
    const fault = 'fault' in read ? read.fault : read.same === expected ? pairFault(read.a, read.b) : orderFault(position, half);
    if ('fault' in read || fault !== undefined) {
      problems.push({ ...at, message: fault ?? '', remedy: 'write `name n m`, or `name n other m`' });
    } else {
      pairs.push({ a: read.a, b: read.b, same: read.same, fold: folds > 1 ? Math.floor(position / (2 * half)) : null, at });
      for (const one of [read.a, read.b]) identities.set(one, one.slice(0, one.indexOf('/')));
    }
    if (problems.length > MOST_PROBLEMS) break;
  }
  if (problems.length === 0 && pairs.length !== 2 * half * folds) {
    const message = `says ${folds} x ${2 * half} pairs, and lists ${pairs.length}`;
    problems.push({ file, line: 1, message, remedy: 'restore the whole file, or correct its first line' });
  }
  return { value: { pictures: picturesOf(pairs, (one) => identities.get(one) ?? null), pairs }, problems };
}

function orderFault(position: number, half: number): string {
  return position % (2 * half) < half
    ? `is of two people, within the first ${half} of a fold`
    : `is of one person, after the first ${half} of a fold`;
}

function readLine(words: readonly string[]): { a: string; b: string; same: boolean } | { fault: string } {
  const [name = '', first = '', second = '', third = ''] = words;
  if (words.length === 3 && isNumber(first) && isNumber(second)) {
    return { a: pathOf(name, first), b: pathOf(name, second), same: true };
  }
  if (words.length === 4 && isNumber(first) && isNumber(third)) {
    return { a: pathOf(name, first), b: pathOf(second, third), same: false };
  }
  return { fault: 'is not a pair' };
}

function isNumber(word: string): boolean {
  return /^\d{1,6}$/.test(word);
}

function pathOf(name: string, number: string): string {
  return `${name}/${name}_${number.padStart(4, '0')}.jpg`;
}
