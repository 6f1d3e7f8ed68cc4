import { join, resolve } from 'node:path';
import { composeReplay } from '../compose-replay.ts';
import { composeRepository } from '../compose-repository.ts';
import { composeTree } from '../compose-tree.ts';
import { readConfigAt, replayNights } from '#pipelines/replay';
import { renderReplayPage, renderReplay } from '#report';
import { exitCodes, type Terminal } from '../terminal.ts';

export type ReplayOptions = {
  repo: string;
  ref: string;
  into: string;
  candidate?: string;
  model?: string;
  runner: 'process' | 'docker';
  remote?: string;
  report?: string;
  signingKey?: string;
};

export async function runReplay(options: ReplayOptions, terminal: Terminal): Promise<number> {
  const { github } = (await readConfigAt(await composeRepository(options.repo, terminal), options.ref)).config;
  const ports = await composeReplay(options, terminal, github);
  const request = { ref: options.ref, into: options.into, candidate: options.candidate ?? null, model: options.model ?? null };
  const reports = await replayNights(request, ports).finally(() => ports.progress.close());
  for (const report of reports) terminal.out(renderReplay(report, terminal));
  if (options.report !== undefined) {
    const tree = composeTree(terminal.cwd);
    const folder = resolve(terminal.cwd, options.report);
    await tree.write(join(folder, 'replay.json'), `${JSON.stringify(reports, undefined, 2)}\n`);
    await tree.write(join(folder, 'replay.html'), renderReplayPage(reports));
    terminal.out(`\n${join(options.report, 'replay.html')}\n`);
  }
  if (reports.some(({ outcome }) => outcome === 'alarmed')) return exitCodes.fail;
  return reports.every(({ outcome }) => outcome === 'nothing replayed') ? exitCodes.inconclusive : exitCodes.pass;
}
