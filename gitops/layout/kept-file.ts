import { isAlias, isMap, isScalar, isSeq, LineCounter, parse, parseAllDocuments, Scalar, type Document, type Node } from 'yaml';
import { CouldNotRun, type Problem } from '#kernel';
import type { FieldAt } from './layout.ts';
import { parseFieldPath, type FieldStep } from './field-path.ts';

const REMEDY = 'correct the file, or deploy.layout in fieldproof.yaml';

/** A field that was found: what it says, and the bytes of the file in which it says so. */
export type FoundField = { value: unknown; start: number; end: number; quote: '"' | "'" | '' };

/** A YAML file that people keep: its fields can be read and found, and nothing is written anew that is not replaced. */
export type KeptFile = {
  /** @throws CouldNotRun, with the line, where there is no such field, or more than one */
  find(field: Pick<FieldAt, 'document' | 'field'>): FoundField;
  problem(offset: number, field: string, message: string, remedy?: string): Problem;
};

/** @throws CouldNotRun when it is not YAML, or not UTF-8, which could not be written back as it was */
export function openKeptFile(text: string, path: string): KeptFile {
  if (text.includes('\uFFFD')) throw new CouldNotRun({ file: path, message: 'is not UTF-8', remedy: 'save it as UTF-8' });
  const lines = new LineCounter();
  const documents = parseAllDocuments(text, { lineCounter: lines, uniqueKeys: true, prettyErrors: false });
  const problem: KeptFile['problem'] = (offset, field, message, remedy = REMEDY) => {
    const { line, col } = lines.linePos(Math.min(offset, Math.max(0, text.length - 1)));
    return { file: path, ...(line > 0 && { line, column: col }), field, message, remedy };
  };
  const all =
    'empty' in documents ? [] : documents.filter((document) => document.contents !== null || document.errors.length > 0);
  const errors = all.flatMap((document) => document.errors);
  if (errors.length > 0)
    throw new CouldNotRun(errors.map((error) => problem(error.pos[0], '', `not YAML: ${error.message}`, 'mend the syntax')));
  return {
    problem,
    find: ({ document, field }) => {
      const chosen = choose(all, document);
      if (typeof chosen === 'string') throw new CouldNotRun(problem(0, field, chosen));
      const found = walk(chosen.contents, parseFieldPath(field) ?? []);
      if ('message' in found) throw new CouldNotRun(problem(found.offset, field, found.message));
      return found;
    },
  };
}

/** Plain letters mean themselves everywhere, in braces and behind a colon too; and even they may be a number. */
const isPlain = (value: string) => /^[\w./:@-]+$/.test(value) && parse(value) === value;

/** Another value as it has to be spelt in the place of one that was found: quoted as that was, and where it must be. */
export function spell({ quote }: FoundField, value: string): string {
  if (quote === "'") return `'${value.replaceAll("'", "''")}'`;
  return quote === '' && isPlain(value) ? value : JSON.stringify(value);
}

function choose(documents: readonly Document[], wanted: FieldAt['document']): Document | string {
  const is = (document: Document) =>
    wanted === null ||
    ((wanted.kind === null || document.get('kind') === wanted.kind) &&
      (wanted.name === null || document.getIn(['metadata', 'name']) === wanted.name));
  const fits = documents.filter((document) => wanted === null || isMap(document.contents)).filter(is);
  const [only] = fits;
  if (only !== undefined && fits.length === 1) return only;
  const what =
    wanted === null ? 'documents' : `documents ${[wanted.kind, wanted.name].filter((part) => part !== null).join(' ')}`;
  return `${fits.length === 0 ? 'no' : fits.length} ${what} in it, where exactly one is expected`;
}

type Missed = { offset: number; message: string };

function walk(root: unknown, steps: readonly FieldStep[]): FoundField | Missed {
  let node = root;
  let offset = 0;
  for (const step of steps) {
    offset = offsetOf(node) ?? offset;
    if (isAlias(node)) return { offset, message: `lies behind the alias *${node.source}: write the field out here` };
    const next = take(node, step);
    if (typeof next === 'string') return { offset, message: next };
    node = next.node;
  }
  return foundScalar(node, offsetOf(node) ?? offset);
}

function take(node: unknown, step: FieldStep): { node: unknown } | string {
  if (step.kind === 'key') {
    if (!isMap(node)) return `has no field ${step.key}: this is not a map`;
    return node.has(step.key) ? { node: node.get(step.key, true) } : `has no field ${step.key}`;
  }
  if (!isSeq(node)) return `${step.kind === 'index' ? `[${step.index}]` : `[${step.field}=${step.value}]`} needs a list here`;
  if (step.kind === 'index')
    return step.index < node.items.length ? { node: node.items[step.index] } : `has no item ${step.index}`;
  const fits = node.items.filter((item) => isMap(item) && String(item.get(step.field)) === step.value);
  if (fits.length === 1) return { node: fits[0] };
  return `has ${fits.length === 0 ? 'no item' : `${fits.length} items`} with ${step.field}: ${step.value}`;
}

function foundScalar(node: unknown, offset: number): FoundField | Missed {
  if (isAlias(node)) return { offset, message: `is the alias *${node.source}: name the field that it stands for` };
  if (!isScalar(node)) return { offset, message: 'is not a single value' };
  const [start, end] = node.range ?? [0, 0];
  if (start === end) return { offset, message: 'is empty: write a value there once, so that there is something to replace' };
  if (node.type === Scalar.BLOCK_FOLDED || node.type === Scalar.BLOCK_LITERAL)
    return { offset, message: 'is a block of text: write the value on the line of its key' };
  const quotes = { [Scalar.QUOTE_DOUBLE]: '"', [Scalar.QUOTE_SINGLE]: "'" } as const;
  const quote = node.type === Scalar.QUOTE_DOUBLE || node.type === Scalar.QUOTE_SINGLE ? quotes[node.type] : '';
  return { value: node.value, start, end, quote };
}

function offsetOf(node: unknown): number | undefined {
  return (node as Node | null | undefined)?.range?.[0];
}
