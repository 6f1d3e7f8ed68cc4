import type { Problem } from '#kernel';

/** A problem at a part of a JSON text. `path`: keys and indices from the whole to the part. */
export type JsonProblem = { path: readonly (string | number)[]; message: string; remedy: string };

/**
 * Problems with the lines and columns of what they are about. The text is walked once and only when something is wrong, and
 * `JSON.parse` has read it before: it is known to be JSON.
 */
export function placeProblems(text: string, file: string, problems: readonly JsonProblem[]): readonly Problem[] {
  if (problems.length === 0) return [];
  const offsets = findOffsets(
    text,
    new Set(problems.flatMap(({ path }) => path.map((_, index) => keyOf(path.slice(0, index + 1))))),
  );
  return problems.map(({ path, message, remedy }) => {
    const offset = deepest(path, offsets);
    const place = offset === undefined ? {} : lineOf(text, offset);
    return { file, ...place, field: fieldOf(path), message, remedy };
  });
}

function keyOf(path: readonly (string | number)[]): string {
  return JSON.stringify(path);
}

function fieldOf(path: readonly (string | number)[]): string {
  return path.map((part, index) => (typeof part === 'number' ? `[${part}]` : index === 0 ? part : `.${part}`)).join('');
}

/** A part that is missing has no place: then that of what it is missing from. */
function deepest(path: readonly (string | number)[], offsets: ReadonlyMap<string, number>): number | undefined {
  for (let length = path.length; length > 0; length -= 1) {
    const offset = offsets.get(keyOf(path.slice(0, length)));
    if (offset !== undefined) return offset;
  }
  return undefined;
}

function lineOf(text: string, offset: number): { line: number; column: number } {
  let line = 1;
  let start = 0;
  for (let next = text.indexOf('\n'); next >= 0 && next < offset; next = text.indexOf('\n', next + 1)) {
    line += 1;
    start = next + 1;
  }
  return { line, column: offset - start + 1 };
}

/** One step of the way to where the walk is: the index in a list, or the key in a map. */
type Step = { kind: 'list'; at: number } | { kind: 'map'; at: string; awaits: 'key' | 'value' };

/** Where the wanted parts begin. Without recursion: how deep a text nests is its author's choice. */
function findOffsets(text: string, wanted: ReadonlySet<string>): ReadonlyMap<string, number> {
  const deepestWanted = Math.max(...[...wanted].map((key) => (JSON.parse(key) as unknown[]).length));
  const found = new Map<string, number>();
  const steps: Step[] = [];
  for (const { word, at: offset } of wordsOf(text)) {
    const top = steps.at(-1);
    if (word === ',') {
      if (top?.kind === 'list') top.at += 1;
      else if (top !== undefined) top.awaits = 'key';
    } else if (word === ']' || word === '}') steps.pop();
    else if (word === ':') continue;
    else if (top?.kind === 'map' && top.awaits === 'key') {
      top.at = String(JSON.parse(word));
      top.awaits = 'value';
    } else {
      if (steps.length > 0 && steps.length <= deepestWanted) {
        const key = keyOf(steps.map(({ at }) => at));
        if (wanted.has(key)) found.set(key, offset);
      }
      if (word === '[') steps.push({ kind: 'list', at: 0 });
      if (word === '{') steps.push({ kind: 'map', at: '', awaits: 'key' });
    }
  }
  return found;
}

/** The marks, texts and other words of a JSON text. By hand: a regular expression's stack has an end, a stranger's text may not. */
function* wordsOf(text: string): Generator<{ word: string; at: number }> {
  for (let at = 0; at < text.length;) {
    const end = endOfWord(text, at);
    if (end > at) yield { word: text.slice(at, end), at };
    at = Math.max(end, at + 1);
  }
}

const MARKS = '{}[],:';

/** Where the word that begins here ends: here, where none begins. */
function endOfWord(text: string, start: number): number {
  const first = text.charAt(start);
  if (MARKS.includes(first)) return start + 1;
  let at = start;
  if (first === '"') {
    for (at += 1; at < text.length && text[at] !== '"'; at += 1) if (text[at] === '\\') at += 1;
    return at + 1;
  }
  while (at < text.length && !MARKS.includes(text.charAt(at)) && text.charAt(at).trim() !== '') at += 1;
  return at;
}
