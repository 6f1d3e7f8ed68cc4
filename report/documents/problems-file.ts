import { z } from 'zod';
import { type Problem, parseStrictly } from '#kernel';

/** Bounded, for it may come from a job that ran beside a stranger's program. */
const words = z.string().max(10_000);

/**
 * What kept a command from running, from the job that met it to the one that publishes. No problem in it, and not `done`: the
 * command has begun, and was ended before it could say anything.
 */
const problemsFileSchema = z.strictObject({
  version: z.literal(1),
  problems: z
    .array(
      z.strictObject({
        file: words,
        line: z.int().exactOptional(),
        column: z.int().exactOptional(),
        field: words.exactOptional(),
        message: words,
        remedy: words,
      }),
    )
    .max(200),
  done: z.boolean().default(false),
});

export type ProblemsFile = { problems: readonly Problem[]; done: boolean };

/** @param done the command came to its end, with a verdict or without */
export function writeProblems(problems: readonly Problem[], done = false): string {
  return `${JSON.stringify({ version: 1, problems, done }, undefined, 2)}\n`;
}

/** @throws CouldNotRun as parseStrictly does */
export function parseProblems(text: string, file: string): ProblemsFile {
  return parseStrictly(problemsFileSchema, text, { file, remedy: 'give the file that `--problems` of a command wrote' });
}

/** What is said of a job that began, and left no word of how it ended. */
export function endedProblem(job: string): Problem {
  return { file: job, message: 'was ended before it could say why', remedy: 'look at its log, and run it again' };
}
