import { z } from 'zod';
import { type Problem, parseStrictly } from '#kernel';

/**
 * What kept a command from running, from the job that met it to the one that publishes. No problem in it: the command has begun,
 * and was ended before it could say anything.
 */
const problemsFileSchema = z.strictObject({
  version: z.literal(1),
  problems: z.array(
    z.strictObject({
      file: z.string(),
      line: z.int().exactOptional(),
      column: z.int().exactOptional(),
      field: z.string().exactOptional(),
      message: z.string(),
      remedy: z.string(),
    }),
  ),
});

export function writeProblems(problems: readonly Problem[]): string {
  return `${JSON.stringify({ version: 1, problems }, undefined, 2)}\n`;
}

/** @throws CouldNotRun as parseStrictly does */
export function parseProblems(text: string, file: string): readonly Problem[] {
  return parseStrictly(problemsFileSchema, text, { file, remedy: 'give the file that `--problems` of a command wrote' }).problems;
}
