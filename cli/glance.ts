/**
 * The beginning of `fieldproof open`, in a process that needs none of the packages that are installed beside it: the action calls
 * it before it installs any. It ends a check of a change that touches nothing that is judged, and leaves every other to `open`.
 *
 *     node cli/glance.ts --repo . --base <commit> --head <commit> --out <dir> [--pull-request <number>]
 *
 * Exit code: 0 not judged, and said so; 10 it has to be judged, or somebody has to look why not.
 */
import { parseArgs } from 'node:util';
import { reasonOf } from '#kernel';
import { closeUntouched, glanceAt } from './commands/glance.ts';
import { escapeLog } from './escape-log.ts';
import type { Terminal } from './terminal.ts';

const TO_BE_JUDGED = 10;

const terminal: Terminal = {
  out: (text) => process.stdout.write(escapeLog(text)),
  err: process.stderr,
  columns: 100,
  colour: false,
  env: process.env,
  cwd: process.cwd(),
  ask: null,
};

async function glance(): Promise<number> {
  const text = { type: 'string' } as const;
  const { values } = parseArgs({ options: { repo: text, base: text, head: text, out: text, 'pull-request': text } });
  const { repo = '.', base = 'main', head = 'HEAD', out = 'fieldproof/opened' } = values;
  const untouched = await glanceAt({ repo, base, head }, terminal);
  if (untouched === null) return TO_BE_JUDGED;
  const pullRequest = values['pull-request'] === undefined ? {} : { pullRequest: Number(values['pull-request']) };
  await closeUntouched(untouched, { repo, base, head, out, ...pullRequest }, terminal);
  return 0;
}

process.exitCode = await glance().catch((thrown: unknown) => {
  // What goes wrong here goes wrong there too, where it is said with its remedy.
  terminal.out(`glance   ${reasonOf(thrown)}\n`);
  return TO_BE_JUDGED;
});
