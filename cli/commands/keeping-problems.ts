import { resolve } from 'node:path';
import { CouldNotRun, reasonOf, type Problem } from '#kernel';
import { composeTree } from '../compose-tree.ts';
import { parseProblems, writeProblems } from '#report';
import type { Terminal } from '../terminal.ts';

type Load<O> = () => Promise<(options: O, terminal: Terminal) => Promise<number>>;

/** Runs a command, and where it could not run leaves the reason in a file, for `fieldproof publish --problems` to show. */
export async function keepingProblems<O extends { problems?: string }>(
  load: Load<O>,
  options: O,
  terminal: Terminal,
): Promise<number> {
  if (options.problems === undefined) return await (await load())(options, terminal);
  const [tree, file] = [composeTree(terminal.cwd), resolve(terminal.cwd, options.problems)];
  // Whoever is killed leaves this one, and nobody finds that of an earlier run.
  await tree.write(file, writeProblems([]));
  try {
    const code = await (await load())(options, terminal);
    await tree.write(file, writeProblems([], true));
    return code;
  } catch (thrown) {
    await tree.write(file, writeProblems(problemsOf(thrown)));
    throw thrown;
  }
}

/** The same for a step beside the one that a job is about: it leaves what that one has written, and adds why it could not run itself. */
export async function addingProblems<O extends { problems?: string }>(
  load: Load<O>,
  options: O,
  terminal: Terminal,
): Promise<number> {
  try {
    return await (
      await load()
    )(options, terminal);
  } catch (thrown) {
    if (options.problems === undefined) throw thrown;
    const [tree, file] = [composeTree(terminal.cwd), resolve(terminal.cwd, options.problems)];
    const known = (await tree.exists(file)) ? parseProblems(await tree.read(file), file).problems : [];
    await tree.write(file, writeProblems([...known, ...problemsOf(thrown)]));
    throw thrown;
  }
}

function problemsOf(thrown: unknown): readonly Problem[] {
  if (thrown instanceof CouldNotRun) return thrown.problems.map((problem) => ({ ...problem }));
  return [{ file: 'fieldproof', message: reasonOf(thrown), remedy: 'this is a fault of Fieldproof: report it, with the log' }];
}
