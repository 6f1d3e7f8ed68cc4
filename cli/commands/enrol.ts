import { resolve } from 'node:path';
import { parseChipsetKeys } from '#runners';
import { chipsetKeysFile } from '#pipelines/check';
import { composeHost } from '../compose-runner.ts';
import { composeTree } from '../compose-tree.ts';
import { configFile, readConfig } from '#config';
import { exitCodes, type Terminal } from '../terminal.ts';

/** Writes the keys of the chipsets that this machine is; the user commits them, and later checks read them from the base. */
export async function runEnrol(options: { repo: string }, terminal: Terminal): Promise<number> {
  const tree = composeTree(resolve(terminal.cwd, options.repo));
  const config = readConfig(await tree.read(configFile));
  const host = composeHost();
  const known: Record<string, unknown> = (await tree.exists(chipsetKeysFile)) ? parseKeys(await tree.read(chipsetKeysFile)) : {};
  for (const chipset of config.chipsets) {
    const missing = await host.missing(chipset);
    if (missing.length > 0) {
      terminal.out(`left out  ${chipset.name}: ${missing.join('; ')}\n`);
      continue;
    }
    const key = await host.detect(chipset);
    known[chipset.name] = key;
    terminal.out(`enrolled  ${chipset.name}: ${key.cpuModel}, ${key.threads} of ${key.cores} cores\n`);
  }
  await tree.write(chipsetKeysFile, `${JSON.stringify(known, undefined, 2)}\n`);
  terminal.out(`\nCommit ${chipsetKeysFile}: budgets in milliseconds are judged where these keys are found again.\n`);
  return exitCodes.pass;
}

function parseKeys(text: string): Record<string, unknown> {
  return { ...parseChipsetKeys(text, chipsetKeysFile) };
}
