import { createInterface } from 'node:readline/promises';
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
  let code: number = exitCodes.couldNotRun;
  const run: Run = async (load, ...given) => {
    const command = await load();
    code = await command(...given, terminal);
  };
  try {
    await program(run).parseAsync([...argv], { from: 'user' });
    return code;
  } catch (thrown) {
    if (isCommanderExit(thrown)) return thrown.exitCode === 0 ? exitCodes.pass : exitCodes.couldNotRun;
    const { tellFailure } = await import('./tell-failure.ts');
    terminal.err.write(shown(tellFailure(thrown)));
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
