import { existsSync } from 'node:fs';

/** util-linux; where it is not, `close` must do. */
const SETPRIV = '/usr/bin/setpriv';

/** A command that the kernel ends should this process be killed: nothing of a link outlives it. */
export function dyingWithUs(command: string, args: readonly string[]): [command: string, args: string[]] {
  if (!existsSync(SETPRIV)) return [command, [...args]];
  return [SETPRIV, ['--pdeathsig', 'KILL', command, ...args]];
}
