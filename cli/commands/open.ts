import { join, resolve } from 'node:path';
import { waitingParts, openCheck, type OpenedCheck, type CheckPorts } from '#pipelines/check';
import { composeCheck } from '../compose-check.ts';
import { composeCodeHost, composePictures } from '../compose-code-host.ts';
import { composeTree } from '../compose-tree.ts';
import { publishReport, publishStarted, publishingPolicy, remarksOf, runUrl } from '#codehost';
import { exitCodes, type Terminal } from '../terminal.ts';
import { closeUntouched, glanceAt } from './glance.ts';
import { requestOf, type PartsOptions } from './parts.ts';

export type OpenOptions = PartsOptions & { out: string; pullRequest?: number; problems?: string };

/** Says at once that a check runs, and writes for the jobs that follow what they may not read themselves. */
export async function runOpen(options: OpenOptions, terminal: Terminal): Promise<number> {
  const untouched = await glanceAt(options, terminal);
  if (untouched !== null) {
    await closeUntouched(untouched, options, terminal);
    return exitCodes.pass;
  }
  const ports = await composeCheck(options, terminal);
  const opened = await openCheck(requestOf(options), ports).finally(() => ports.progress.close());
  const tree = composeTree(terminal.cwd);
  const at = (name: string) => join(resolve(terminal.cwd, options.out), name);
  const json = (value: unknown) => `${JSON.stringify(value, undefined, 2)}\n`;
  const deployed = opened.kind === 'check' ? opened.deployed : [];
  const chipsets = opened.kind === 'check' ? opened.chipsets : [];
  await tree.write(at('deployed.json'), json({ version: 2, deployed }));
  await tree.write(at('open.json'), json({ version: 1, judged: opened.kind === 'check', chipsets }));
  terminal.out(await published(opened, options, ports, terminal));
  if (opened.kind === 'unjudged') terminal.out(`${opened.report.headline}\n`);
  else for (const { name, label } of chipsets) terminal.out(`chipset  ${name}: ${label ?? 'local'}\n`);
  return exitCodes.pass;
}

async function published(
  opened: OpenedCheck,
  options: OpenOptions,
  { repository }: CheckPorts,
  terminal: Terminal,
): Promise<string> {
  const policy = await publishingPolicy(repository, options.base);
  const codeHost = await composeCodeHost(terminal, policy);
  if (codeHost === null) return 'check    not published: the environment names no repository on GitHub\n';
  const [detailsUrl, remarks] = [runUrl(terminal.env), remarksOf(terminal.env)];
  if (opened.kind === 'unjudged') {
    const ref = { head: opened.report.head, pullRequest: options.pullRequest ?? null, detailsUrl, files: new Map(), remarks };
    const pictures = await composePictures(terminal, policy);
    const { check } = await publishReport(
      opened.report,
      ref,
      { codeHost, pictures, reports: null },
      { ...policy, report: { kind: 'none' } },
    );
    return `check    ${check.url ?? check.id}\n`;
  }
  const started = { models: opened.models, parts: waitingParts(opened.chipsets), remarks };
  const { id, url } = await publishStarted(started, { head: opened.head, detailsUrl }, codeHost, policy);
  return `check    ${url ?? id}\n`;
}
