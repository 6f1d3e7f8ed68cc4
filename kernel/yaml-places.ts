import { isCollection, isMap, isScalar, isSeq, type Document, type LineCounter, type Pair, type YAMLMap } from 'yaml';

type Ranged = { range?: readonly [number, number, number] | null | undefined };

/**
 * Where the fields of a parsed YAML text stand. The keys of a map are indexed when one of them is first asked for: looking
 * through them for each of many problems would cost the square of their number.
 */
export class YamlPlaces {
  readonly #root: unknown;
  readonly #lines: LineCounter;
  readonly #indexed = new WeakMap<YAMLMap, Map<unknown, Pair>>();

  constructor(document: Document, lines: LineCounter) {
    this.#root = document.contents;
    this.#lines = lines;
  }

  /** The place of the deepest part of the path that is really there. A key's own place when the path ends in a map. */
  placeOf(path: readonly PropertyKey[]): { line?: number; column?: number } {
    let node = this.#root;
    let offset = offsetOf(node);
    for (const part of path) {
      const step = this.#step(node, part);
      if (step === undefined) break;
      [node, offset] = [step.node, step.offset ?? offset];
    }
    if (offset === undefined) return {};
    const { line, col } = this.#lines.linePos(offset);
    return { line, column: col };
  }

  #step(node: unknown, part: PropertyKey): { node: unknown; offset: number | undefined } | undefined {
    if (isMap(node)) {
      const pair = this.#index(node).get(part);
      return pair === undefined ? undefined : { node: pair.value, offset: offsetOf(pair.key) ?? offsetOf(pair.value) };
    }
    if (!isSeq(node) || typeof part !== 'number' || part >= node.items.length) return undefined;
    const item = node.items[part];
    return { node: item, offset: offsetOf(item) };
  }

  #index(map: YAMLMap): Map<unknown, Pair> {
    const known = this.#indexed.get(map);
    if (known !== undefined) return known;
    const index = new Map<unknown, Pair>();
    for (const pair of map.items) {
      const key = isScalar(pair.key) ? pair.key.value : pair.key;
      if (!index.has(key)) index.set(key, pair);
    }
    this.#indexed.set(map, index);
    return index;
  }
}

/** Offsets of the keys that stand in their map a second time. Linear, where the library's own look is quadratic. */
export function repeatedKeys(document: Document): number[] {
  const repeated: number[] = [];
  for (const node of nodesOf(document)) {
    if (!isMap(node)) continue;
    const seen = new Set<unknown>();
    for (const { key } of node.items) {
      const value = isScalar(key) ? key.value : key;
      if (seen.has(value)) repeated.push(offsetOf(key) ?? 0);
      seen.add(value);
    }
  }
  return repeated;
}

/** Every node, without recursion: how deep a text nests is its author's choice. */
export function* nodesOf(document: Document): Generator {
  const waiting: unknown[] = [document.contents];
  while (waiting.length > 0) {
    const node = waiting.pop();
    yield node;
    if (!isCollection(node)) continue;
    for (const item of node.items) {
      if (isMap(node)) waiting.push((item as Pair).key, (item as Pair).value);
      else waiting.push(item);
    }
  }
}

function offsetOf(node: unknown): number | undefined {
  return (node as Ranged | null | undefined)?.range?.[0];
}
