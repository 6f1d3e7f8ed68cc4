import { execFileSync } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { silentProgress, systemClock } from '#kernel';
import { readQuestion, type ReplayQuestion } from '#datasets';
import { folderFootage } from '#datasets/adapters';
import { openRepository } from '#git/adapters';
import type { FleetRepository } from '#gitops';
import { GitFleetRepository } from '#gitops/adapters';
import type { Entry } from '#ledger';
import { GitLedger } from '#ledger/adapters';
import { gitModelRepository } from '../../git/adapters/git-model-repository.ts';
import type { CodeHost } from '../../codehost/code-host.ts';
import { configFile, readConfig, type Config } from '../../config/config.ts';
import { deployMerged } from '../../pipelines/deploy/deploy-merged.ts';
import type { ModelRepository } from '../../git/model-repository.ts';
import { headFiles } from '../../codehost/publish/head-files.ts';
import { publishReport } from '../../codehost/publish/publish-report.ts';
import { publishStarted } from '../../codehost/publish/publish-started.ts';
import type { CheckReport } from '../../report/documents/check-report.ts';
import type { HeadFiles } from '../../codehost/publish/locate-findings.ts';
import { parseReport } from '../../report/documents/parse-report.ts';
import { conclude } from '../../pipelines/replay/conclude.ts';
import type { ReplayPorts } from '../../pipelines/replay/ports.ts';
import { proposeLabels } from '../../pipelines/replay/propose-labels.ts';
import { announceAlarms } from '../../pipelines/replay/announce-alarms.ts';
import { MemoryLedger } from '../fakes/memory-ledger.ts';
import { rememberedFleets, rememberedModels } from '../fakes/remembered.ts';
import { factsOf, factsAbout } from '../../history/read-facts.ts';
import { gitAtRest } from '../git-at-rest.ts';

/** A job of the life, as far as it speaks to GitHub: what its calls of the CLI do there, each signing in for itself. */
export type TellingJob = { name: string; steps: readonly ((host: CodeHost) => Promise<void>)[] };

export type RecordedLife = {
  /** The model repository: every commit is in it. */
  repository: string;
  branch: string;
  heads: readonly [string, string];
  base: string;
  merged: string;
  /** New ones: each play has a ledger and a fleet of its own. */
  jobs: (pullRequest: number) => { check: TellingJob; checkAgain: TellingJob; after: TellingJob[] };
  close: () => void;
};

type Read = {
  folder: string;
  models: ModelRepository;
  config: Config;
  entries: readonly Entry[];
  question: ReplayQuestion;
  main: string;
};

const environment = { PATH: process.env['PATH'], HOME: '/nonexistent', ...gitAtRest };

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
  const models = rememberedModels(gitModelRepository(repository, tmpdir()));
  const config = readConfig((await models.readFile(first.base, configFile)) ?? '');
  const readFile = (file: string) => models.readFile(first.base, file);
  const question = await readQuestion({ name: 'street', path: 'datasets/street.yaml', readFile });
  const read = { folder, models, config, entries, question, main: await models.resolve('main') };
  const before = fleetBefore(folder);
  const openFleet = rememberedFleets(
    new GitFleetRepository({ location: path.join(before, 'fleet.git'), cacheFolder: path.join(before, 'cache'), environment }),
  );
  const files = await Promise.all([first, second].map(({ head }) => headFiles(models, head)));
  return {
    repository: bare,
    branch: 'night-and-rain',
    heads: [first.head, second.head],
    base: first.base,
    merged,
    jobs: (pullRequest) => ({
      check: checkJob(first, files[0] ?? new Map(), pullRequest, read),
      checkAgain: checkJob(second, files[1] ?? new Map(), pullRequest, read),
      after: [deployJob(merged, openFleet(), read), ...replayJobs(read)],
    }),
    close: () => rmSync(before, { recursive: true }),
  };
}

/** `fieldproof open`, and `fieldproof publish`. */
function checkJob(report: CheckReport, files: HeadFiles, pullRequest: number, { config }: Read): TellingJob {
  const parts = config.chipsets.map(({ name }) => ({ name, state: 'waiting' as const, note: null }));
  const started = { models: report.models.map(({ model }) => model), parts, remarks: [] };
  const { head } = report;
  const open = async ({ checks }: CodeHost) =>
    void (await publishStarted(started, { head, detailsUrl: null }, { checks }, config.github));
  const publish = async (codeHost: CodeHost) => {
    const ref = { head, pullRequest, detailsUrl: null, remarks: [], files };
    await publishReport(report, ref, { codeHost, pictures: null, reports: null }, config.github);
  };
  return { name: `check of ${head.slice(0, 7)}`, steps: [open, publish] };
}

/** `fieldproof deploy`, with the fleet as it was before. */
function deployJob(merged: string, fleet: FleetRepository, { models, entries }: Read): TellingJob {
  const known = entries.slice(
    0,
    entries.findLastIndex(({ record }) => record.fact.kind === 'merge'),
  );
  const ledger = ledgerOf(known);
  const deploy = async ({ deployments }: CodeHost) => {
    const notes: string[] = [];
    const ports = {
      repository: models,
      ledger: await ledger,
      openFleet: () => fleet,
      clock: systemClock,
      progress: { ...silentProgress, note: (text: string) => void notes.push(text) },
      watcher: null,
      images: { standFor: () => Promise.resolve([]) },
      pullRequests: null,
      deployments,
    };
    const [landing] = await deployMerged({ ref: merged, model: null, wait: 'auto', skipUnknown: false }, ports);
    if (landing === undefined || !['landed', 'up to date'].includes(landing.state)) throw new Error(JSON.stringify(landing));
    // It lands all the same; whoever reads that something was not shown runs it again.
    if (notes.length > 0) throw new Error(notes.join('\n'));
  };
  return { name: 'deploy', steps: [deploy] };
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
function replayJobs({ folder, main: commit, config, entries, question }: Read): TellingJob[] {
  const [replay] = config.replays;
  const harvest = replay?.harvest ?? null;
  if (replay === undefined || harvest === null) throw new Error('the life has no replays');
  const ledger = new MemoryLedger();
  const arrivals = factsAbout(entries, replay.model, 'arrival');
  const commits = new Map(factsAbout(entries, replay.model, 'harvest').map(({ fact }) => [fact.branch, fact.commit]));
  const footage = folderFootage(path.join(folder, 'runner', 'footage'));
  return arrivals.map(({ id, fact }) => {
    const tell = async (codeHost: CodeHost) => {
      const nights = entries.filter(({ record }) => record.id === id || record.fact['arrival'] === id);
      await ledger.append(nights.map(({ record }) => record.fact));
      const branches = { write: ({ branch }: { branch: string }) => Promise.resolve(commits.get(branch) ?? '') };
      const seams = { ledger, codeHost, branches, pictures: null, progress: silentProgress, clock: systemClock };
      // Whatever else a replay touches is over when it comes to tell.
      const ports = seams as unknown as ReplayPorts;
      await announceAlarms(conclude(await ledger.entries(), replay), { config: replay, question, footage, ports });
      const request = { ref: 'main', into: 'main', candidate: null, model: null };
      await proposeLabels({ config: replay, harvest, question, footage, request, commit, ports });
    };
    return { name: `replay of ${fact.clips.length} clips`, steps: [tell] };
  });
}

async function ledgerOf(entries: readonly Entry[]): Promise<MemoryLedger> {
  const ledger = new MemoryLedger();
  await ledger.append(entries.map(({ record }) => record.fact));
  return ledger;
}
