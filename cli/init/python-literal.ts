/** What Python's repr writes of plain values: exporters put such texts where JSON would be expected. */
export type Literal = string | number | boolean | null | readonly Literal[] | ReadonlyMap<Literal, Literal>;

/** Deeper and longer than any metadata. */
const DEEPEST = 8;
const LONGEST = 1024 * 1024;

/** Reads strings, numbers, True, False, None, lists, tuples and dictionaries. @returns undefined for anything else */
export function readLiteral(text: string): Literal | undefined {
  if (text.length > LONGEST) return undefined;
  const reader = new Reader(text);
  const value = reader.value(0);
  return value !== undefined && reader.isAtEnd() ? value : undefined;
}

const CLOSED = { '[': ']', '(': ')', '{': '}' } as const;
const WORDS: Readonly<Record<string, Literal>> = { True: true, False: false, None: null };
const ESCAPES: Readonly<Record<string, string>> = { n: '\n', t: '\t', r: '\r' };

class Reader {
  readonly #text: string;
  #at = 0;

  constructor(text: string) {
    this.#text = text;
  }

  isAtEnd(): boolean {
    this.#take(/\s*/y);
    return this.#at === this.#text.length;
  }

  value(depth: number): Literal | undefined {
    this.#take(/\s*/y);
    const next = this.#text[this.#at];
    if (next === '[' || next === '(' || next === '{') return depth > DEEPEST ? undefined : this.#items(next, depth + 1);
    const quoted = this.#take(/'(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*"/sy);
    if (quoted !== undefined) return quoted.slice(1, -1).replace(/\\(.)/gs, (_, one: string) => ESCAPES[one] ?? one);
    const number = this.#take(/[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?/y);
    if (number !== undefined) return Number(number);
    const word = this.#take(/True|False|None/y);
    return word === undefined ? undefined : WORDS[word];
  }

  #items(open: keyof typeof CLOSED, depth: number): Literal | undefined {
    this.#at += 1;
    const list: Literal[] = [];
    const pairs = new Map<Literal, Literal>();
    const close = new RegExp(`\\s*\\${CLOSED[open]}`, 'y');
    while (this.#take(close) === undefined) {
      const item = this.value(depth);
      if (item === undefined) return undefined;
      if (open !== '{') list.push(item);
      else {
        const of = this.#take(/\s*:/y) === undefined ? undefined : this.value(depth);
        if (of === undefined) return undefined;
        pairs.set(item, of);
      }
      if (this.#take(/\s*,/y) === undefined) {
        return this.#take(close) === undefined ? undefined : open === '{' ? pairs : list;
      }
    }
    return open === '{' ? pairs : list;
  }

  #take(pattern: RegExp): string | undefined {
    pattern.lastIndex = this.#at;
    const [found] = pattern.exec(this.#text) ?? [];
    if (found !== undefined) this.#at += found.length;
    return found;
  }
}
