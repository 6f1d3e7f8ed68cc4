import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { systemClock } from '#kernel';
import type { Footage } from '#datasets';
import { folderFootage, openS3Footage, SharpThumbnailer } from '#datasets/adapters';
import { composeRunner } from './compose-runner.ts';
import { fileClipSignals } from '#eval/adapters';
import type { ModelRunner } from '#runners';
import { gitLabellingBranches } from '#pipelines/replay/adapters';
import { gitModelRepository } from '#git/adapters';
import { cacheFolder, dataFolder, composeTree } from './compose-tree.ts';
import { composeCodeHost, composePictures } from './compose-code-host.ts';
import { composeImages } from './compose-images.ts';
import { fleetOpener } from './compose-fleet-repository.ts';
import { open } from './compose-repository.ts';
import { openLedger } from './compose-ledger.ts';
import { progressOn } from './compose-progress.ts';
import type { GithubConfig, ReplayConfig } from '#config';
import type { LabelPorts, ReplayPorts } from '#pipelines/replay';
import type { TerminalProgress } from './progress.ts';
import type { Terminal } from './terminal.ts';

/** Ports of the nightly replay. Without a code host, issues and pull requests are printed, and branches stay unless a remote is named. */
export async function composeReplay(
  options: { repo: string; runner: ModelRunner['name']; remote?: string; signingKey?: string },
  terminal: Terminal,
  policy: GithubConfig,
): Promise<ReplayPorts & { progress: TerminalProgress }> {
  const repository = await open(options.repo, terminal);
  const progress = progressOn(terminal);
  const codeHost = await composeCodeHost(terminal, policy);
  return {
    repository: gitModelRepository(repository, tmpdir(), dataFolder(terminal.env)),
    branches: gitLabellingBranches(repository, options.remote ?? (codeHost === null ? null : 'origin')),
    images: composeImages(terminal),
    openFootage: (config) => openFootage(config, repository.folder, terminal),
    thumbnails: new SharpThumbnailer(),
    runner: composeRunner(options.runner),
    signals: fileClipSignals(join(repository.gitFolder, 'fieldproof', 'replays')),
    ledger: openLedger(repository, terminal, options),
    openFleet: fleetOpener(repository, terminal),
    codeHost,
    pictures: await composePictures(terminal, policy),
    clock: systemClock,
    progress,
  };
}

export async function composeLabel(options: { repo: string }, terminal: Terminal): Promise<LabelPorts> {
  const repository = await open(options.repo, terminal);
  const ledger = openLedger(repository, terminal, {});
  return {
    repository: gitModelRepository(repository, tmpdir(), dataFolder(terminal.env)),
    ledger,
    tree: composeTree(repository.folder),
  };
}

async function openFootage({ source, endpoint, region }: ReplayConfig, folder: string, { env }: Terminal): Promise<Footage> {
  const [, bucket, prefix = ''] = /^s3:\/\/([^/]+)(?:\/(.*))?$/.exec(source) ?? [];
  if (bucket === undefined) return folderFootage(resolve(folder, source));
  return await openS3Footage({
    bucket,
    prefix: prefix === '' || prefix.endsWith('/') ? prefix : `${prefix}/`,
    endpoint: endpoint ?? env['AWS_ENDPOINT_URL_S3'] ?? env['AWS_ENDPOINT_URL'] ?? null,
    region: region ?? env['AWS_REGION'] ?? env['AWS_DEFAULT_REGION'] ?? null,
    cache: join(cacheFolder(env), 'footage'),
  });
}
