import { composePin } from '../compose.ts';
import { exitCodes, type Terminal } from '../terminal.ts';

export async function runPin(manifest: string, options: { repo: string }, terminal: Terminal): Promise<number> {
  const count = await composePin(options.repo, terminal)(manifest);
  terminal.out(`${count} files pinned; look at the difference before you commit it\n`);
  return exitCodes.pass;
}
