import type { Terminal } from '../../cli/terminal.ts';

/** For what a benchmark composes as the command line does: nothing is said there but what went wrong, and nobody is asked. */
export function silentTerminal(cwd: string): Terminal {
  return { out: () => {}, err: process.stderr, columns: 80, colour: false, ask: null, env: process.env, cwd };
}
