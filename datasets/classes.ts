import type { Place } from '#kernel';
import { readBounded } from './bounded-list.ts';
import type { Checked } from './declared.ts';

/** Class names in the order of the model's output. Names may repeat (ImageNet has two cranes): then only an index tells them apart. */
export type Classes = {
  names: readonly string[];
  find(reference: string | number): FoundClass;
  /** Other names, of the truth or of a model -> the class that they mean. */
  renames: Readonly<Record<string, string>>;
};

export type FoundClass = { index: number } | { fault: string; remedy: string };

/** @param renames other names of some classes; a class's own name always means itself */
export function classesOf(names: readonly string[], renames: Readonly<Record<string, string>> = {}): Classes {
  const indices = Map.groupBy(names.keys(), (index) => names[index] ?? '');
  const find = (reference: string | number): FoundClass => {
    if (typeof reference === 'number') {
      if (Number.isInteger(reference) && reference >= 0 && reference < names.length) return { index: reference };
      return { fault: `there is no class ${reference}`, remedy: `classes count from 0 to ${names.length - 1}` };
    }
    const other = Object.hasOwn(renames, reference) ? (renames[reference] ?? '') : '';
    const [first, second] = indices.get(reference) ?? indices.get(other) ?? [];
    if (first === undefined) {
      return {
        fault: `unknown class ${JSON.stringify(reference)}`,
        remedy: 'use a name that the manifest lists under `classes`',
      };
    }
    if (second !== undefined) {
      return {
        fault: `class ${JSON.stringify(reference)} is ambiguous: ${first} and ${second} both have this name`,
        remedy: 'use the index',
      };
    }
    return { index: first };
  };
  return { names, find, renames };
}

/** Classes from a map of each to its other names: `{ vehicle: [car, truck], aeroplane: [airplane] }`. */
export function classesOfMap(map: Readonly<Record<string, readonly string[]>>): Classes | { fault: string; remedy: string } {
  const names = Object.keys(map);
  const pairs = Object.entries(map).flatMap(([name, others]) => others.map((other) => [other, name] as const));
  const renames = Object.fromEntries(pairs.filter(([other, name]) => other !== name));
  const twice = pairs.find(([other, name]) => other !== name && (Object.hasOwn(map, other) || renames[other] !== name));
  if (twice === undefined) return classesOf(names, renames);
  const [other] = twice;
  return { fault: `${JSON.stringify(other)} means two classes`, remedy: 'name it under one of them alone' };
}

/** Names from a text, one per line. */
export function readClassNames(text: string, at: Place): Checked<readonly string[]> {
  return readBounded(text, at, () => readNames(text, at));
}

function readNames(text: string, at: Place): Checked<readonly string[]> {
  const names = text.replace(/^\uFEFF/, '').split(/\r?\n/);
  if (names.at(-1) === '') names.pop();
  const blank = names.findIndex((name) => name.trim() === '');
  const problems =
    names.length === 0
      ? [{ ...at, message: 'holds no class names', remedy: 'write one name per line' }]
      : blank >= 0
        ? [{ ...at, line: blank + 1, message: 'is blank, but every line names a class', remedy: 'remove the blank line' }]
        : [];
  return { value: names.map((name) => name.trim()), problems };
}
