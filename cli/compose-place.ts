import { tmpdir } from 'node:os';
import { resolve } from 'node:path';
import { CouldNotRun, systemClock } from '#kernel';
import { findProgram, realLinks } from '#carriers/adapters';
import { FileSampleSource } from '#datasets/adapters';
import { gitModelRepository, workingFiles } from '#git/adapters';
import type { LinkProfile } from '#graphs';
import type { PlacePorts } from '#pipelines/place';
import { localGraphRunner, type OpenLink } from '#places/adapters';
import type { RunningLink } from '#carriers';
import { progressOn } from './compose-progress.ts';
import { cacheFolder, composeTree, dataFolder } from './compose-tree.ts';
import { composeImages } from './compose-images.ts';
import { open } from './compose-repository.ts';
import type { TerminalProgress } from './progress.ts';
import type { Terminal } from './terminal.ts';

type Options = { repo: string; base?: string; head?: string };

/** @param shown instead of a progress of its own */
export async function composePlace(
  options: Options,
  terminal: Terminal,
  shown?: TerminalProgress,
): Promise<PlacePorts & { progress: TerminalProgress }> {
  const folder = resolve(terminal.cwd, options.repo);
  const asksCommits = options.base !== undefined || options.head !== undefined;
  const repository = asksCommits
    ? gitModelRepository(await open(options.repo, terminal), tmpdir(), dataFolder(terminal.env))
    : null;
  return {
    tree: composeTree(folder),
    files: workingFiles(folder),
    repository,
    images: composeImages(terminal),
    samples: new FileSampleSource(dataFolder(terminal.env)),
    runner: localGraphRunner({ env: placeEnvironment(terminal.env), openLink: linkOpener(terminal.env) }),
    clock: systemClock,
    progress: shown ?? progressOn(terminal),
  };
}

/** Stages get no secrets: of the environment only where temporary files go. */
function placeEnvironment({ TMPDIR }: Terminal['env']): NodeJS.ProcessEnv {
  return TMPDIR === undefined ? {} : { TMPDIR };
}

/** Links that are really shaped, by the kernel and toxiproxy. Null where nothing here can: then nobody says that one was. */
function linkOpener(
  env: Terminal['env'],
): (profile: LinkProfile, far: { host: string; port: number }) => Promise<OpenLink | null> {
  const links = realLinks(findProgram('toxiproxy-server', cacheFolder(env), env['PATH']));
  return async ({ name, up, down, delay, jitter, loss }, far) => {
    try {
      const link = await links.start({ name, bandwidth: { up, down }, delay, jitter, loss, outage: null }, far);
      return { near: link.near, shapedBy: shapedWords(link), close: async () => await link.close() };
    } catch (thrown) {
      if (thrown instanceof CouldNotRun) return null;
      throw thrown;
    }
  };
}

function shapedWords({ shapedBy: { bandwidth, delay } }: RunningLink): string {
  return delay === 'nothing' || delay === bandwidth ? bandwidth : `${bandwidth}, its delay by ${delay}`;
}
