import { CouldNotRun } from '#kernel';
import { partsAfterResearch } from '../check/how-far.ts';
import { openCheck } from '../check/open-check.ts';
import { composeCheck, composeCodeHost } from '../compose.ts';
import { readParts } from '../compose-parts.ts';
import { publishProgress } from '../publish/publish-progress.ts';
import { publishingPolicy } from '../publish/publishing-policy.ts';
import { remarksOf, runUrl } from '../publish/run-of-actions.ts';
import { exitCodes, type Terminal } from '../terminal.ts';
import { requestOf, type PartsOptions } from './parts.ts';

export type ProgressOptions = PartsOptions & { parts: string[] };

/** Shows how far a check is. It is a display: where the code host does not answer, that is said, and the check goes on. */
export async function runProgress(options: ProgressOptions, terminal: Terminal): Promise<number> {
  const ports = await composeCheck(options, terminal);
  const opened = await openCheck(requestOf(options), ports).finally(() => ports.progress.close());
  const policy = await publishingPolicy(ports.repository, options.base);
  const codeHost = await composeCodeHost(terminal, policy);
  if (opened.kind === 'unjudged' || codeHost === null) {
    terminal.out('check    not shown: nothing is judged yet, or the environment names no repository on GitHub\n');
    return exitCodes.pass;
  }
  const parts = partsAfterResearch(opened.chipsets, await readParts(options.parts, terminal));
  const started = { models: opened.models, parts, remarks: remarksOf(terminal.env) };
  try {
    const run = await publishProgress(started, { head: opened.head, detailsUrl: runUrl(terminal.env) }, codeHost, policy);
    terminal.out(run === null ? 'check    none of ours was begun\n' : `check    ${run.url ?? run.id}\n`);
  } catch (thrown) {
    if (!(thrown instanceof CouldNotRun)) throw thrown;
    terminal.out(`check    not shown: ${thrown.problems.map(({ message }) => message).join('; ')}\n`);
  }
  return exitCodes.pass;
}
