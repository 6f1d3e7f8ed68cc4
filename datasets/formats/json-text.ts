import type { z } from 'zod';
import { checkValue, MOST_PROBLEMS, reasonOf, type Problem } from '#kernel';
import type { JsonProblem } from './json-places.ts';

/** The value of a JSON text, or why it is none. */
export function readJson(text: string, file: string, remedy: string): { value: unknown } | { problem: Problem } {
  try {
    return { value: JSON.parse(text.replace(/^\uFEFF/, '')) };
  } catch (cause) {
    return { problem: { file, message: `not JSON: ${reasonOf(cause)}`, remedy } };
  }
}

/** Gathers what is wrong with a text, and says when enough has been found. */
export class JsonFindings {
  readonly problems: JsonProblem[] = [];

  add(path: JsonProblem['path'], message: string, remedy: string): void {
    if (!this.full) this.problems.push({ path, message, remedy });
  }

  get full(): boolean {
    return this.problems.length > MOST_PROBLEMS;
  }

  /** The value as the schema reads it; undefined when it is not as it says. */
  read<S extends z.ZodType>(schema: S, value: unknown, path: JsonProblem['path'], remedy: string): z.output<S> | undefined {
    const parsed = checkValue(schema, value);
    if (parsed.success) return parsed.data;
    for (const issue of parsed.error.issues.slice(0, MOST_PROBLEMS)) {
      const inside = issue.path.map((part) => (typeof part === 'number' ? part : String(part)));
      this.add([...path, ...inside], issue.message, remedy);
    }
    return undefined;
  }

  /** Each entry of a list as the schema reads it, without those that are not as it says. */
  readEach<S extends z.ZodType>(
    schema: S,
    list: readonly unknown[],
    name: string,
    remedy: string,
  ): { at: number; entry: z.output<S> }[] {
    const read: { at: number; entry: z.output<S> }[] = [];
    for (const [at, value] of list.entries()) {
      if (this.full) break;
      const entry = this.read(schema, value, [name, at], remedy);
      if (entry !== undefined) read.push({ at, entry });
    }
    return read;
  }
}
