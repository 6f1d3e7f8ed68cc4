import { constants, open, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { CouldNotRun, plainText, type Problem } from '#kernel';
import { endedProblem, parseProblems } from '#report';

const NAME = /^[\w.-]{1,150}\.json$/;
const MOST_FILES = 200;
const LARGEST_FILE = 2 * 1024 * 1024;

/**
 * What kept the jobs of a check from running, as each left it in a file of this folder. They ran beside a stranger's program, so
 * whoever tells it on tells words: parsed strictly, bounded here, and escaped where they are shown.
 */
export async function readToldProblems(folder: string): Promise<readonly Problem[]> {
  const found: readonly string[] = await readdir(folder).catch(() => []);
  const names = found.toSorted().slice(0, MOST_FILES);
  const told = await Promise.all(names.map(async (name) => await readOne(folder, name)));
  return told.flat();
}

async function readOne(folder: string, name: string): Promise<readonly Problem[]> {
  if (!NAME.test(name)) return [unreadable(JSON.stringify(name.slice(0, 150)))];
  const text = await textOf(join(folder, name));
  if (text === undefined) return [unreadable(name)];
  try {
    const { problems, done } = parseProblems(text, name);
    if (problems.length > 0) return problems.map((problem) => inPlainText(problem));
    return done ? [] : [endedProblem(`the job ${name.replace(/\.json$/, '')}`)];
  } catch (thrown) {
    if (!(thrown instanceof CouldNotRun)) throw thrown;
    return [unreadable(name)];
  }
}

async function textOf(path: string): Promise<string | undefined> {
  const file = await open(path, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK).catch(() => undefined);
  try {
    const stats = await file?.stat();
    return stats?.isFile() === true && stats.size <= LARGEST_FILE ? await file?.readFile('utf8') : undefined;
  } finally {
    await file?.close();
  }
}

/** A log shows them too, and a terminal obeys what a page would not. */
function inPlainText(problem: Problem): Problem {
  const field = problem.field === undefined ? {} : { field: plainText(problem.field) };
  const [file, message, remedy] = [plainText(problem.file), plainText(problem.message), plainText(problem.remedy)];
  return { ...problem, ...field, file, message, remedy };
}

function unreadable(name: string): Problem {
  return { file: name, message: 'is not what a job leaves that could not run', remedy: 'look at the log of that job' };
}
