import { CouldNotRun, formatProblem, plainText, reasonOf } from '#kernel';

/** What is said of whatever kept a command from running: its problems with their remedies, or that it is a fault of ours. */
export function tellFailure(thrown: unknown): string {
  const known = asDiskFull(thrown) ?? thrown;
  return known instanceof CouldNotRun ? explain(known) : unexpected(known);
}

function explain(error: CouldNotRun): string {
  // A cause that carries a remedy of its own has been told already, with its place put before it.
  // Parsers quote what they could not read, as a stranger wrote it.
  const cause =
    error.cause === undefined || error.cause instanceof CouldNotRun ? '' : `  cause: ${plainText(reasonOf(error.cause))}\n`;
  return `fieldproof could not run:\n${error.problems.map((problem) => formatProblem(problem)).join('\n')}\n${cause}`;
}

/** Any write may be the one that finds no space left; most adapters say which place it was, and this is for the others. */
function asDiskFull(thrown: unknown): CouldNotRun | undefined {
  if (!(thrown instanceof Error && 'code' in thrown && (thrown.code === 'ENOSPC' || thrown.code === 'EDQUOT'))) return undefined;
  const file = 'path' in thrown ? String(thrown.path) : 'temporary files';
  const remedy = 'free some space there (TMPDIR and FIELDPROOF_CACHE name other places), and run again: what is kept is used';
  return new CouldNotRun({ file, message: 'the disk is full', remedy }, { cause: thrown });
}

function unexpected(thrown: unknown): string {
  const trace = thrown instanceof Error && thrown.stack !== undefined ? thrown.stack : reasonOf(thrown);
  return `fieldproof could not run: ${reasonOf(thrown)}\n  remedy: this is a fault of Fieldproof; please report it with what follows\n${trace}\n`;
}
