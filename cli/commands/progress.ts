import { CouldNotRun } from '#kernel';
import { partsAfterResearch, openCheck } from '#pipelines/check';
import { composeCheck } from '../compose-check.ts';
import { composeCodeHost } from '../compose-code-host.ts';
import { readParts } from '../compose-parts.ts';
import { publishProgress, publishingPolicy, remarksOf, runUrl } from '#codehost';
import { exitCodes, type Terminal } from '../terminal.ts';
import { requestOf, type PartsOptions } from './parts.ts';

export type ProgressOptions = PartsOptions & { parts: string[] };

/** Shows how far a check is. It is a display: whatever keeps it from being shown is said, and the check goes on. */
export async function runProgress(options: ProgressOptions, terminal: Terminal): Promise<number> {
  try {
    terminal.out(`check    ${await show(options, terminal)}\n`);
  } catch (thrown) {
    if (!(thrown instanceof CouldNotRun)) throw thrown;
    const why = thrown.problems.map(({ file, field, message, remedy }) => `${field ?? file} ${message} (${remedy})`);
    terminal.out(`check    not shown: ${why.join('; ')}\n`);
  }
  return exitCodes.pass;
}

async function show(options: ProgressOptions, terminal: Terminal): Promise<string> {
  const ports = await composeCheck(options, terminal);
  const policy = await publishingPolicy(ports.repository, options.base);
  const codeHost = await composeCodeHost(terminal, policy);
  const opened = await openCheck(requestOf(options), ports).finally(() => ports.progress.close());
  if (opened.kind === 'unjudged' || codeHost === null)
    return 'not shown: nothing is judged yet, or the environment names no repository on GitHub';
  const parts = partsAfterResearch(opened.chipsets, await readParts(options.parts, terminal));
  const started = { models: opened.models, parts, remarks: remarksOf(terminal.env) };
  const run = await publishProgress(started, { head: opened.head, detailsUrl: runUrl(terminal.env) }, codeHost, policy);
  return run === null ? 'none of ours was begun' : String(run.url ?? run.id);
}
