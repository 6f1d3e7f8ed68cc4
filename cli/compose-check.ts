import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { FileSampleSource, SharpThumbnailer } from '#datasets/adapters';
import { fileAnswerStore } from '#eval/adapters';
import { type Repository, gitModelRepository } from '#git/adapters';
import { systemClock } from '#kernel';
import type { CheckPorts } from '#pipelines/check';
import { type PlanPorts, type Times, timed } from '#pipelines/plan';
import { fileTimes } from '#pipelines/plan/adapters';
import type { ModelRunner } from '#runners';
import { fleetOpener } from './compose-fleet-repository.ts';
import { composeImages } from './compose-images.ts';
import { openLedger } from './compose-ledger.ts';
import { progressOn } from './compose-progress.ts';
import { open } from './compose-repository.ts';
import { composeRunner } from './compose-runner.ts';
import { dataFolder } from './compose-tree.ts';
import type { TerminalProgress } from './progress.ts';
import type { Terminal } from './terminal.ts';

export type ComposeOptions = { repo: string; runner: ModelRunner['name']; signingKey?: string };

export async function composeCheck(
  options: ComposeOptions,
  terminal: Terminal,
): Promise<CheckPorts & { progress: TerminalProgress }> {
  const repository = await open(options.repo, terminal);
  // Inside .git, where no commit can put anything: answers in the working tree could be a pull request's own.
  const kept = join(repository.gitFolder, 'fieldproof', 'answers');
  const progress = timed(progressOn(terminal), systemClock, timesOf(repository));
  return {
    repository: gitModelRepository(repository, tmpdir(), dataFolder(terminal.env)),
    images: composeImages(terminal),
    samples: new FileSampleSource(dataFolder(terminal.env)),
    thumbnails: new SharpThumbnailer(),
    runner: composeRunner(options.runner),
    answers: (task) => fileAnswerStore(kept, task.answer, ({ id }) => id),
    ledger: openLedger(repository, terminal, options),
    openFleet: fleetOpener(repository, terminal),
    deployedStates: null,
    graphs: null,
    clock: systemClock,
    progress,
  };
}

/** What a plan reads: what a check would, and how long checks took here. Its own steps are no check's. */
export async function composePlan(
  options: ComposeOptions,
  terminal: Terminal,
): Promise<PlanPorts & { progress: TerminalProgress }> {
  const repository = await open(options.repo, terminal);
  return { ...(await composeCheck(options, terminal)), progress: progressOn(terminal), times: timesOf(repository) };
}

/** Beside the kept answers. */
function timesOf({ gitFolder }: Pick<Repository, 'gitFolder'>): Times {
  return fileTimes(join(gitFolder, 'fieldproof', 'times.jsonl'));
}
