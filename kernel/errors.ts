/** Where in the user's own files a problem sits. Lines and columns count from 1. */
export type Place = { file: string; line?: number; column?: number; field?: string };

/** One thing that is wrong with what the user gave, and what to do about it. */
export type Problem = Place & { message: string; remedy: string };

/** Something that keeps Fieldproof from running. Every one carries its remedy; the CLI maps it to exit code 3. */
export class CouldNotRun extends Error {
  readonly problems: readonly Problem[];

  constructor(problems: Problem | readonly Problem[], options?: ErrorOptions) {
    const list: readonly Problem[] = 'message' in problems ? [problems] : problems;
    super(list.map(formatProblem).join('\n'), options);
    this.name = 'CouldNotRun';
    this.problems = list;
  }
}

export function formatProblem(problem: Problem): string {
  const at = [problem.file, problem.line, problem.column].filter((part) => part !== undefined).join(':');
  const field = problem.field ? ` (${problem.field})` : '';
  return `${at}${field}: ${problem.message}\n  remedy: ${problem.remedy}`;
}

/** The message of anything that was thrown, with its causes, in one line. */
export function reasonOf(thrown: unknown): string {
  if (!(thrown instanceof Error)) return String(thrown);
  const cause = thrown.cause === undefined ? '' : ` (${reasonOf(thrown.cause)})`;
  return `${thrown.message}${cause}`;
}
