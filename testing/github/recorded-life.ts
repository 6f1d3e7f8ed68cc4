import { execFileSync } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { silentProgress, systemClock } from '#kernel';
import { readQuestion, type ReplayQuestion } from '#datasets';
import { folderFootage } from '#datasets/adapters';
import { openRepository, type Repository } from '#git/adapters';
import { GitFleetRepository } from '#gitops/adapters';
import type { Entry } from '#ledger';
import { GitLedger } from '#ledger/adapters';
import { gitModelRepository } from '../../pipelines/adapters/git-model-repository.ts';
import { factsOf } from '../../pipelines/check/facts.ts';
import type { CodeHost } from '../../pipelines/code-host.ts';
import { configFile, readConfig, type Config } from '../../pipelines/config/config.ts';
import { deployMerged } from '../../pipelines/deploy/deploy-merged.ts';
import { headFiles } from '../../pipelines/publish/head-files.ts';
import { publishReport } from '../../pipelines/publish/publish-report.ts';
import { publishStarted } from '../../pipelines/publish/publish-started.ts';
import type { CheckReport } from '../../pipelines/report/check-report.ts';
import { parseReport } from '../../pipelines/report/parse-report.ts';
import { conclude } from '../../pipelines/replay/conclude.ts';
import type { ReplayPorts } from '../../pipelines/replay/ports.ts';
import { proposeLabels } from '../../pipelines/replay/propose-labels.ts';
import { replayFacts } from '../../pipelines/replay/facts.ts';
import { tellAlarms } from '../../pipelines/replay/tell-alarms.ts';
import { MemoryLedger } from '../memory-ledger.ts';

/** A job of the life, as far as it speaks to GitHub. It is what the action's step calls, and may be run again. */
export type TellingJob = { name: string; run: (host: CodeHost) => Promise<void> };

export type RecordedLife = {
  /** The model repository: every commit is in it. */
  repository: string;
  branch: string;
  heads: readonly [string, string];
  base: string;
  merged: string;
  /** New ones: each play has a ledger and a fleet of its own. */
  jobs: (pullRequest: number) => { check: TellingJob[]; checkAgain: TellingJob[]; after: TellingJob[]; end: () => void };
};

type Read = { folder: string; repository: Repository; config: Config; entries: readonly Entry[]; question: ReplayQuestion };

const environment = { PATH: process.env['PATH'], HOME: '/nonexistent', GIT_CONFIG_NOSYSTEM: '1' };

/** Reads what a life left that was played for real: reports, ledger, repositories. Nothing of it is computed again. */
export async function readLife(folder: string): Promise<RecordedLife> {
  const bare = path.join(folder, 'github', 'acme', 'porch.git');
  const repository = await openRepository(bare, { environment });
  const entries = await new GitLedger({ folder: bare, environment, clock: systemClock }).entries();
  const reports = ['1-slip', '2-mended'].map((name) => {
    const file = path.join(folder, 'reports', name, 'report.json');
    return parseReport(readFileSync(file, 'utf8'), file);
  });
  const [first, second] = reports;
  const merged = factsOf(entries, 'merge').at(-1)?.fact.commit;
  if (first === undefined || second === undefined || merged === undefined) throw new Error('the life was not played to its end');
  const models = gitModelRepository(repository, tmpdir());
  const config = readConfig((await models.readFile(first.base, configFile)) ?? '');
  const readFile = (file: string) => models.readFile(first.base, file);
  const question = await readQuestion({ name: 'street', path: 'datasets/street.yaml', readFile });
  const read = { folder, repository, config, entries, question };
  return {
    repository: bare,
    branch: 'night-and-rain',
    heads: [first.head, second.head],
    base: first.base,
    merged,
    jobs: (pullRequest) => {
      const fleet = fleetBefore(folder);
      return {
        check: checkJobs(first, pullRequest, read),
        checkAgain: checkJobs(second, pullRequest, read),
        after: [deployJob(merged, fleet, read), ...replayJobs(read)],
        end: () => rmSync(fleet, { recursive: true, force: true }),
      };
    },
  };
}

/** `fieldproof open`, and `fieldproof publish`. */
function checkJobs(report: CheckReport, pullRequest: number, { config, repository }: Read): TellingJob[] {
  const parts = config.chipsets.map(({ name }) => ({ name, state: 'waiting' as const, note: null }));
  const started = { models: report.models.map(({ model }) => model), parts, remarks: [] };
  const { head } = report;
  const ref = { head, pullRequest, detailsUrl: null, remarks: [] };
  return [
    {
      name: 'open',
      run: async ({ checks }) => void (await publishStarted(started, { head, detailsUrl: null }, { checks }, config.github)),
    },
    {
      name: 'publish',
      run: async (codeHost) => {
        const files = await headFiles(gitModelRepository(repository, tmpdir()), head);
        await publishReport(report, { ...ref, files }, { codeHost, pictures: null }, config.github);
      },
    },
  ];
}

/** `fieldproof deploy`, with the fleet as it was before. */
function deployJob(merged: string, fleet: string, { repository, entries }: Read): TellingJob {
  const known = entries.slice(0, entries.findLastIndex(({ record }) => record.fact.kind === 'merge'));
  const ledger = ledgerOf(known);
  return {
    name: 'deploy',
    run: async ({ deployments }) => {
      const location = path.join(fleet, 'fleet.git');
      const ports = {
        repository: gitModelRepository(repository, tmpdir()),
        ledger: await ledger,
        openFleet: () => new GitFleetRepository({ location, cacheFolder: path.join(fleet, 'cache'), environment }),
        clock: systemClock,
        progress: silentProgress,
        mustBeSigned: false,
        watcher: null,
        images: { standFor: () => Promise.resolve([]) },
        pullRequests: null,
        deployments,
      };
      const [landing] = await deployMerged({ ref: merged, model: null, wait: 'auto', skipUnknown: false }, ports);
      if (landing === undefined || !['landed', 'up to date'].includes(landing.state)) throw new Error(JSON.stringify(landing));
    },
  };
}

/** A copy in which the last release has not landed yet; its proposal is there. */
function fleetBefore(folder: string): string {
  const copy = mkdtempSync(path.join(tmpdir(), 'fieldproof-life-'));
  const fleet = path.join(copy, 'fleet.git');
  cpSync(path.join(folder, 'github', 'acme', 'porch-fleet.git'), fleet, { recursive: true });
  execFileSync('git', ['-C', fleet, 'update-ref', 'refs/heads/main', 'refs/heads/main~1'], { env: environment });
  return copy;
}

/** `fieldproof replay`, once for each time that footage arrived; the nights are in the ledger, what follows is told anew. */
function replayJobs({ folder, repository, config, entries, question }: Read): TellingJob[] {
  const [replay] = config.replays;
  const harvest = replay?.harvest ?? null;
  if (replay === undefined || harvest === null) throw new Error('the life has no replays');
  const ledger = new MemoryLedger();
  const arrivals = replayFacts(entries, replay.model, 'arrival');
  const commits = new Map(replayFacts(entries, replay.model, 'harvest').map(({ fact }) => [fact.branch, fact.commit]));
  const footage = folderFootage(path.join(folder, 'runner', 'footage'));
  return arrivals.map(({ id, fact }) => ({
    name: `replay of ${fact.clips.length} clips`,
    run: async (codeHost) => {
      const nights = entries.filter(({ record }) => record.id === id || record.fact['arrival'] === id);
      await ledger.append(nights.map(({ record }) => record.fact));
      const branches = { write: ({ branch }: { branch: string }) => Promise.resolve(commits.get(branch) ?? '') };
      // What else a replay touches is over when it comes to tell.
      const ports = { ledger, codeHost, branches, pictures: null, progress: silentProgress, clock: systemClock } as unknown as ReplayPorts;
      const followed = conclude(await ledger.entries(), replay);
      await tellAlarms(followed, { config: replay, question, footage, ports });
      const commit = (await gitModelRepository(repository, tmpdir()).resolve('main'));
      const request = { ref: 'main', into: 'main', candidate: null, model: null };
      await proposeLabels({ config: replay, harvest, question, footage, request, commit, ports });
    },
  }));
}

async function ledgerOf(entries: readonly Entry[]): Promise<MemoryLedger> {
  const ledger = new MemoryLedger();
  await ledger.append(entries.map(({ record }) => record.fact));
  return ledger;
}
