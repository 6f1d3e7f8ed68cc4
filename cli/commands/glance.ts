import { join, resolve } from 'node:path';
import { findUntouched, type Untouched } from '#pipelines/check';
import { publishingPolicy, publishUntouched, remarksOf, runUrl } from '#codehost';
import { composeCodeHost } from '../compose-code-host.ts';
import { composeRepository } from '../compose-repository.ts';
import { composeTree } from '../compose-tree.ts';
import type { Terminal } from '../terminal.ts';

export type GlanceOptions = { repo: string; base: string; head: string };

/** Looks whether a change touches anything that is judged. Asks Git alone, and takes a fraction of a second. */
export async function glanceAt(options: GlanceOptions, terminal: Terminal): Promise<Untouched | null> {
  const repository = await composeRepository(options.repo, terminal);
  return await findUntouched(repository, options);
}

/** Ends the check of a change that touches nothing, and tells the jobs that follow that there is nothing to do. */
export async function closeUntouched(
  untouched: Untouched,
  options: GlanceOptions & { out: string; pullRequest?: number },
  terminal: Terminal,
): Promise<void> {
  const at = join(resolve(terminal.cwd, options.out), 'open.json');
  await composeTree(terminal.cwd).write(at, `${JSON.stringify({ version: 1, judged: false, chipsets: [] }, undefined, 2)}\n`);
  const policy = await publishingPolicy(await composeRepository(options.repo, terminal), options.base);
  const codeHost = await composeCodeHost(terminal, policy);
  const { env } = terminal;
  const ref = {
    head: untouched.head,
    pullRequest: options.pullRequest ?? null,
    detailsUrl: runUrl(env),
    remarks: remarksOf(env),
  };
  const published = codeHost === null ? null : await publishUntouched(untouched.since, ref, codeHost, policy);
  const check = published === null ? 'not published: the environment names no repository on GitHub' : published.check;
  terminal.out(`check    ${typeof check === 'string' ? check : (check.url ?? check.id)}\n${saidOf(untouched)}`);
}

export function saidOf({ since }: Untouched): string {
  return `NOT JUDGED  It touches no model, no dataset and no gate since ${since.slice(0, 12)}: nothing was run.\n`;
}
