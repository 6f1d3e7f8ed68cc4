import { createInterface } from 'node:readline/promises';
import { CouldNotRun, formatProblem, reasonOf, plainText } from '#kernel';
import type { Run } from './commands.ts';
import { escapeLog } from './escape-log.ts';
import { program } from './program.ts';
import { exitCodes, type Terminal } from './terminal.ts';

/** A log of GitHub Actions takes lines for commands, and what is shown may quote a pull request. */
const shown = process.env['GITHUB_ACTIONS'] === 'true' ? escapeLog : (text: string) => text;

/** The one place where what went wrong becomes an exit code: 0 pass, 1 fail, 2 inconclusive, 3 could not run. */
async function main(argv: readonly string[]): Promise<number> {
  const terminal: Terminal = {
    out: (text) => process.stdout.write(shown(text)),
    err: process.stderr,
    columns: process.stdout.columns ?? 100,
    colour: process.stdout.isTTY && process.env['NO_COLOR'] === undefined,
    env: process.env,
    cwd: process.cwd(),
    ask: process.stdin.isTTY && process.stdout.isTTY ? askOnTerminal : null,
  };
  let code: number = exitCodes.pass;
  const run: Run = async (load, ...given) => {
    const command = await load();
    code = await command(...given, terminal);
  };
  try {
    await program(run).parseAsync([...argv], { from: 'user' });
    return code;
  } catch (thrown) {
    if (isCommanderExit(thrown)) return thrown.exitCode === 0 ? exitCodes.pass : exitCodes.couldNotRun;
    const known = asDiskFull(thrown) ?? thrown;
    terminal.err.write(shown(known instanceof CouldNotRun ? explain(known) : unexpected(known)));
    return exitCodes.couldNotRun;
  }
}

async function askOnTerminal(question: string): Promise<string> {
  const lines = createInterface({ input: process.stdin, output: process.stdout });
  try {
    return await lines.question(question);
  } finally {
    lines.close();
  }
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

function isCommanderExit(thrown: unknown): thrown is { exitCode: number } {
  return thrown instanceof Error && 'code' in thrown && String(thrown.code).startsWith('commander.') && 'exitCode' in thrown;
}

// Interrupted, it ends of itself, so that what is to be removed at its end is.
for (const [signal, number] of [
  ['SIGHUP', 1],
  ['SIGINT', 2],
  ['SIGTERM', 15],
] as const) {
  process.once(signal, () => process.exit(128 + number));
}

// Whoever reads may have seen enough, as `head` has: that is an end like SIGPIPE, and no fault of ours.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error;
  process.exit(128 + 13);
});

process.exitCode = await main(process.argv.slice(2));
