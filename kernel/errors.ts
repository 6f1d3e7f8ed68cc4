/** Where in the user's own files a problem sits. Lines and columns count from 1. */
export type Place = { file: string; line?: number; column?: number; field?: string };

/** One thing that is wrong with what the user gave, and what to do about it. */
export type Problem = Place & { message: string; remedy: string };

/** So many are told; whoever mends them is told of the next. A stranger's file may hold a million. */
export const MOST_PROBLEMS = 100;
/** Characters of one message, which may quote what a stranger wrote; a build's last lines of log are the longest that is meant. */
const LONGEST_TEXT = 8000;

/** Something that keeps Fieldproof from running. Every one carries its remedy; the CLI maps it to exit code 3. */
export class CouldNotRun extends Error {
  readonly problems: readonly Problem[];

  constructor(problems: Problem | readonly Problem[], options?: ErrorOptions) {
    const list = bounded('message' in problems ? [problems] : problems);
    super(list.map(formatProblem).join('\n'), options);
    this.name = 'CouldNotRun';
    this.problems = list;
  }
}

function bounded(problems: readonly Problem[]): readonly Problem[] {
  const told = problems.slice(0, MOST_PROBLEMS).map((problem) => cut(problem));
  const more = problems.length - told.length;
  const [first] = told;
  if (more === 0 || first === undefined) return told;
  return [
    ...told,
    { file: first.file, message: `there are more problems than the ${MOST_PROBLEMS} above`, remedy: 'mend those first' },
  ];
}

function cut(problem: Problem): Problem {
  const texts = [problem.file, problem.message, problem.remedy, problem.field ?? ''];
  if (texts.every((text) => text.length <= LONGEST_TEXT)) return problem;
  const short = (text: string) => (text.length > LONGEST_TEXT ? `${text.slice(0, LONGEST_TEXT).toWellFormed()}…` : text);
  const field = problem.field === undefined ? {} : { field: short(problem.field) };
  return { ...problem, ...field, file: short(problem.file), message: short(problem.message), remedy: short(problem.remedy) };
}

export function formatProblem(problem: Problem): string {
  const at = [problem.file, problem.line, problem.column].filter((part) => part !== undefined).join(':');
  const field = problem.field ? ` (${problem.field})` : '';
  return `${at}${field}: ${problem.message}\n  remedy: ${problem.remedy}`;
}

/**
 * The same, of what the user knows by another name: a folder that was unpacked by that in the repository, say. Anything that is not about
 * the user's files is left as it is.
 */
export function renamedIn(thrown: unknown, names: readonly { from: string; to: string }[]): unknown {
  if (!(thrown instanceof CouldNotRun)) return thrown;
  const rename = (text: string) => names.reduce((renamed, { from, to }) => renamed.replaceAll(from, to), text);
  const problems = thrown.problems.map((problem) => ({
    ...problem,
    file: rename(problem.file),
    message: rename(problem.message),
  }));
  return new CouldNotRun(problems, { cause: thrown.cause });
}

/** The message of anything that was thrown, with its causes, in one line. */
export function reasonOf(thrown: unknown): string {
  if (!(thrown instanceof Error)) return String(thrown);
  const cause = thrown.cause === undefined ? '' : ` (${reasonOf(thrown.cause)})`;
  return `${thrown.message}${cause}`;
}
