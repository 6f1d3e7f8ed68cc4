import { isAlias, LineCounter, parseDocument, type Document } from 'yaml';
import type { z } from 'zod';
import { checkValue } from './check-value.ts';
import { inTime } from './deadline.ts';
import { CouldNotRun, MOST_PROBLEMS, type Problem } from './errors.ts';
import { nodesOf, repeatedKeys, YamlPlaces } from './yaml-places.ts';

/** A parsed YAML text that still knows where each of its fields stands, so that any later rule can point at a line. */
export type SourceMap = { file: string; place(path: readonly PropertyKey[]): { line?: number; column?: number } };

export type Parsed<T> = { value: T; source: SourceMap };

/** Bytes. Beyond it nothing is parsed. */
export const LARGEST_DOCUMENT = 1024 * 1024;
/** The library looks through all anchors for each alias. */
const MOST_ALIASES = 1000;

/**
 * Reads a YAML text and checks it against a schema. Every problem is listed at once, each with its line. What it costs grows
 * with the length of the text and no faster, and is ended when it takes too long: anyone may have written it.
 * @param file the name to show in messages
 * @throws CouldNotRun with one problem per finding
 */
export function parseYaml<S extends z.ZodType>(text: string, file: string, schema: S): Parsed<z.output<S>> {
  if (Buffer.byteLength(text) > LARGEST_DOCUMENT) {
    throw new CouldNotRun({
      file,
      message: 'larger than 1 MiB',
      remedy: 'split it: lists of files belong into files of their own',
    });
  }
  return inTime(file, () => parseWhole(text, file, schema));
}

function parseWhole<S extends z.ZodType>(text: string, file: string, schema: S): Parsed<z.output<S>> {
  const lines = new LineCounter();
  const document = notTooDeep(file, () =>
    parseDocument(text, { lineCounter: lines, uniqueKeys: false, prettyErrors: false, logLevel: 'error' }),
  );
  const repeated = repeatedKeys(document).map((offset) => ({
    message: 'Map keys must be unique',
    pos: [offset, offset] as const,
  }));
  const errors = [...document.errors, ...repeated].slice(0, MOST_PROBLEMS + 1);
  if (errors.length > 0) throw new CouldNotRun(errors.map((error) => syntaxProblem(error, file, lines)));
  const places = new YamlPlaces(document, lines);
  const source: SourceMap = { file, place: (path) => places.placeOf(path) };
  const result = checkValue(
    schema,
    notTooDeep(file, () => toJs(document, file)),
  );
  if (!result.success) throw new CouldNotRun(schemaProblems(result.error.issues, source));
  return { value: result.data, source };
}

/** A problem at a field of a parsed text. */
export function problemAt(source: SourceMap, path: readonly PropertyKey[], message: string, remedy: string): Problem {
  return { file: source.file, ...source.place(path), field: fieldName(path), message, remedy };
}

/** The library recurses, so a text that nests deeply enough is more than the stack holds. */
function notTooDeep<T>(file: string, work: () => T): T {
  try {
    return work();
  } catch (cause) {
    if (!(cause instanceof RangeError)) throw cause;
    throw new CouldNotRun({ file, message: 'nests too deeply to be read', remedy: 'write it flatter' }, { cause });
  }
}

function toJs(document: Document, file: string): unknown {
  let aliases = 0;
  for (const node of nodesOf(document)) aliases += isAlias(node) ? 1 : 0;
  try {
    if (aliases <= MOST_ALIASES) return document.toJS({ maxAliasCount: 100 });
  } catch (cause) {
    if (cause instanceof RangeError) throw cause;
    throw endless(file, cause);
  }
  throw endless(file);
}

function endless(file: string, cause?: unknown): CouldNotRun {
  return new CouldNotRun({ file, message: 'its aliases expand without end', remedy: 'write the repeated parts out' }, { cause });
}

function syntaxProblem(error: { message: string; pos: readonly [number, number] }, file: string, lines: LineCounter): Problem {
  const { line, col } = lines.linePos(error.pos[0]);
  return { file, line, column: col, message: `not YAML: ${error.message}`, remedy: 'mend the syntax at this line' };
}

/** No more of each than are shown, and one to say that there are more. */
function schemaProblems(issues: readonly z.core.$ZodIssue[], source: SourceMap): Problem[] {
  return issues.slice(0, MOST_PROBLEMS + 1).flatMap((issue) => issueProblems(issue, source));
}

function issueProblems(issue: z.core.$ZodIssue, source: SourceMap): Problem[] {
  if (issue.code === 'invalid_union' && issue.errors.length > 0) {
    const inside = nearest(issue.errors).map((inner) => ({ ...inner, path: [...issue.path, ...inner.path] }));
    return schemaProblems(inside, source);
  }
  if (issue.code === 'invalid_key') {
    return schemaProblems(
      issue.issues.map((inner) => ({ ...inner, path: issue.path })),
      source,
    );
  }
  if (issue.code === 'unrecognized_keys') {
    return issue.keys
      .slice(0, MOST_PROBLEMS + 1)
      .map((key) =>
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
