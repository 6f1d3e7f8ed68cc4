import { composePin } from '../compose-pin.ts';
import { exitCodes, type Terminal } from '../terminal.ts';

export async function runPin(
  manifest: string,
  options: { repo: string; anew?: boolean; keepBad?: boolean },
  terminal: Terminal,
): Promise<number> {
  const { file, pinned, added, changed, removed, bad } = await composePin(options.repo, terminal)(manifest, options);
  for (const { id, reason } of bad) terminal.out(`bad      ${id} ${reason}\n`);
  for (const path of changed) terminal.out(`changed  ${path}\n`);
  for (const path of removed) terminal.out(`removed  ${path}\n`);
  terminal.out(
    `${file}: ${pinned} files pinned, ${added.length} of them new, ${changed.length} changed, ${removed.length} gone\n`,
  );
  return exitCodes.pass;
}
