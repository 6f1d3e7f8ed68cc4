import { LineCounter, parseDocument, type Document } from 'yaml';
import type { z } from 'zod';
import { CouldNotRun, type Problem } from './errors.ts';

/** A parsed YAML text that still knows where each of its fields stands, so that any later rule can point at a line. */
export type SourceMap = { file: string; place(path: readonly PropertyKey[]): { line?: number; column?: number } };

export type Parsed<T> = { value: T; source: SourceMap };

const MAX_BYTES = 4 * 1024 * 1024;

/**
 * Reads a YAML text and checks it against a schema. Every problem is listed at once, each with its line.
 * @param file the name to show in messages
 * @throws CouldNotRun with one problem per finding
 */
export function parseYaml<S extends z.ZodType>(text: string, file: string, schema: S): Parsed<z.output<S>> {
  if (Buffer.byteLength(text) > MAX_BYTES) {
    throw new CouldNotRun({
      file,
      message: 'larger than 4 MiB',
      remedy: 'split it: lists of files belong into files of their own',
    });
  }
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, uniqueKeys: true, prettyErrors: false });
  if (document.errors.length > 0) throw new CouldNotRun(document.errors.map((error) => syntaxProblem(error, file, lines)));
  const source: SourceMap = { file, place: (path) => placeOf(document, lines, path) };
  const result = schema.safeParse(toJs(document, file));
  if (!result.success) throw new CouldNotRun(result.error.issues.flatMap((issue) => schemaProblems(issue, source)));
  return { value: result.data, source };
}

/** A problem at a field of a parsed text. */
export function problemAt(source: SourceMap, path: readonly PropertyKey[], message: string, remedy: string): Problem {
  return { file: source.file, ...source.place(path), field: fieldName(path), message, remedy };
}

function toJs(document: Document, file: string): unknown {
  try {
    return document.toJS({ maxAliasCount: 100 });
  } catch (cause) {
    throw new CouldNotRun({ file, message: 'its aliases expand without end', remedy: 'write the repeated parts out' }, { cause });
  }
}

function syntaxProblem(error: { message: string; pos: [number, number] }, file: string, lines: LineCounter): Problem {
  const { line, col } = lines.linePos(error.pos[0]);
  return { file, line, column: col, message: `not YAML: ${error.message}`, remedy: 'mend the syntax at this line' };
}

function schemaProblems(issue: z.core.$ZodIssue, source: SourceMap): Problem[] {
  if (issue.code === 'invalid_union' && issue.errors.length > 0) {
    return nearest(issue.errors).flatMap((inner) => schemaProblems({ ...inner, path: [...issue.path, ...inner.path] }, source));
  }
  if (issue.code === 'invalid_key') {
    return issue.issues.flatMap((inner) => schemaProblems({ ...inner, path: issue.path }, source));
  }
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.map((key) =>
      problemAt(source, [...issue.path, key], `unknown field ${JSON.stringify(key)}`, 'remove it, or correct its spelling'),
    );
  }
  return [problemAt(source, issue.path, issue.message, 'see the JSON Schema of this file under docs/schemas')];
}

/** The alternative of a union that was probably meant: the one with the fewest complaints, unknown fields weighing most. */
function nearest(alternatives: readonly z.core.$ZodIssue[][]): readonly z.core.$ZodIssue[] {
  const weight = (issues: readonly z.core.$ZodIssue[]) =>
    issues.reduce((sum, issue) => sum + (issue.code === 'unrecognized_keys' ? 2 * issue.keys.length : 1), 0);
  return alternatives.toSorted((a, b) => weight(a) - weight(b))[0] ?? [];
}

function fieldName(path: readonly PropertyKey[]): string {
  return path
    .map((part) => (typeof part === 'number' ? `[${part}]` : `.${String(part)}`))
    .join('')
    .replace(/^\./, '');
}

/** The place of the deepest part of the path that is really there. A key's own place when the path ends in a map. */
function placeOf(document: Document, lines: LineCounter, path: readonly PropertyKey[]): { line?: number; column?: number } {
  for (let depth = path.length; depth >= 0; depth -= 1) {
    const offset = offsetOf(document, path.slice(0, depth));
    if (offset !== undefined) {
      const { line, col } = lines.linePos(offset);
      return { line, column: col };
    }
  }
  return {};
}

function offsetOf(document: Document, path: readonly PropertyKey[]): number | undefined {
  const node = path.length === 0 ? document.contents : document.getIn(path, true);
  const range = (node as { range?: [number, number, number] } | undefined)?.range;
  if (path.length === 0 || range === undefined) return range?.[0];
  const parent = path.length === 1 ? document.contents : document.getIn(path.slice(0, -1), true);
  const items = (parent as { items?: { key?: { value?: unknown; range?: [number, number, number] } }[] } | undefined)?.items;
  const pair = items?.find((item) => item.key?.value !== undefined && item.key.value === path.at(-1));
  return pair?.key?.range?.[0] ?? range[0];
}
