import { resolve } from 'node:path';
import { CouldNotRun, reasonOf, type Problem } from '#kernel';
import { composeTree } from '../compose.ts';
import { writeProblems } from '#report';
import type { Terminal } from '../terminal.ts';

/** Runs a command, and where it could not run leaves the reason in a file, for `fieldproof publish --problems` to show. */
export async function keepingProblems<O extends { problems?: string }>(
  command: (options: O, terminal: Terminal) => Promise<number>,
  options: O,
  terminal: Terminal,
): Promise<number> {
  if (options.problems === undefined) return await command(options, terminal);
  const [tree, file] = [composeTree(terminal.cwd), resolve(terminal.cwd, options.problems)];
  // Whoever is killed leaves this one, and nobody finds that of an earlier run.
  await tree.write(file, writeProblems([]));
  try {
    const code = await command(options, terminal);
    await tree.write(file, writeProblems([], true));
    return code;
  } catch (thrown) {
    await tree.write(file, writeProblems(problemsOf(thrown)));
    throw thrown;
  }
}

function problemsOf(thrown: unknown): readonly Problem[] {
  if (thrown instanceof CouldNotRun) return thrown.problems.map((problem) => ({ ...problem }));
  return [{ file: 'fieldproof', message: reasonOf(thrown), remedy: 'this is a fault of Fieldproof: report it, with the log' }];
}
