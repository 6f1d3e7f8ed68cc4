import { resolve } from 'node:path';
import { FileSampleSource, SharpThumbnailer } from '#datasets/adapters';
import { workingFiles } from '#git/adapters';
import { systemClock } from '#kernel';
import type { ScorePorts } from '#pipelines/score';
import type { ComposeOptions } from './compose-check.ts';
import { composeImages } from './compose-images.ts';
import { progressOn } from './compose-progress.ts';
import { composeRunner } from './compose-runner.ts';
import { composeTree, dataFolder } from './compose-tree.ts';
import type { TerminalProgress } from './progress.ts';
import type { Terminal } from './terminal.ts';

/** Of the files as they lie there: a folder need not be a Git repository to be scored. */
export function composeScore(
  { repo, runner }: Pick<ComposeOptions, 'repo' | 'runner'>,
  terminal: Terminal,
): ScorePorts & { progress: TerminalProgress } {
  const folder = resolve(terminal.cwd, repo);
  return {
    tree: composeTree(folder),
    files: workingFiles(folder),
    images: composeImages(terminal),
    samples: new FileSampleSource(dataFolder(terminal.env)),
    thumbnails: new SharpThumbnailer(),
    runner: composeRunner(runner),
    clock: systemClock,
    progress: progressOn(terminal),
  };
}
