import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { digestOf, silentProgress, systemClock, type Digest } from '#kernel';
import { commitMessage, proposalBranch, proposalTrailers, renderFleet, type FleetRepository } from '#gitops';
import { GitFleetRepository } from '#gitops/adapters';
import type { Ledger, Trust } from '#ledger';
import type { VerdictFact } from '../../history/check-facts.ts';
import { readConfig, type Config } from '../../config/config.ts';
import { deployMerged, type DeployRequest } from '../../pipelines/deploy/deploy-merged.ts';
import type { DeployPorts } from '../../pipelines/deploy/deploy-ports.ts';
import type { Landing } from '../../pipelines/deploy/landing.ts';
import type { ModelRepository } from '../../git/model-repository.ts';
import { configText, DATE, planOf, treeOf, verdictOf, type SiteLine } from './judged-release.ts';
import { MemoryLedger } from '../fakes/memory-ledger.ts';
import { appendFacts } from '../../history/read-facts.ts';
import { gitAtRest } from '../git-at-rest.ts';

/** A canary and two others of one chipset, and one of another: three waves. */
export const threeWaves: readonly SiteLine[] = [
  { name: 'garden-oslo', chipset: 'edge' },
  { name: 'lobby-berlin', chipset: 'edge', canary: true },
  { name: 'cloud-eu', chipset: 'cloud' },
];

export type JudgedFleetOptions = {
  models?: readonly string[];
  sites?: readonly SiteLine[];
  mode?: 'commit' | 'pull-request';
  ledger?: Ledger;
  /** Who signs the ledger, as fieldproof.yaml says it. */
  policy?: Trust;
  /** Where another process has made one. */
  folder?: string;
};

const REQUEST: DeployRequest = { ref: 'merged', model: null, wait: 'auto', skipUnknown: false };
const identity = ['-c', 'user.name=Another hand', '-c', 'user.email=hand@example.com'];
const environment = { PATH: process.env['PATH'], HOME: '/nonexistent', ...gitAtRest };

/**
 * A real fleet repository with releases that were judged (nothing is scored here: verdict and proposal are written as a
 * check writes them), and the deploys of what was merged. The model repository is names and trees only.
 */
export class JudgedFleet {
  readonly folder: string;
  readonly repository: string;
  /** What deploys are given, each in place of the usual. */
  readonly ports: Partial<DeployPorts> = {};
  readonly ledger: Ledger;
  readonly #text: string;
  readonly #merged = new Map<string, string>();
  /** Under which the fleet is reached; a path of this machine has no hooks. */
  location: string;

  constructor(options: JudgedFleetOptions = {}) {
    const { models = ['porch'], sites = threeWaves, mode = 'commit', ledger = new MemoryLedger() } = options;
    this.ledger = ledger;
    this.#text = configText(models, sites, mode) + ledgerText(options.policy);
    this.folder = options.folder ?? realpathSync(mkdtempSync(path.join(tmpdir(), 'fieldproof-fleet-')));
    this.repository = path.join(this.folder, 'fleet.git');
    this.location = this.repository;
    if (existsSync(this.repository)) return;
    mkdirSync(this.repository);
    this.git('init', '--quiet', '--bare', '--initial-branch=main');
    this.git('config', 'http.receivepack', 'true');
  }

  get config(): Config {
    return readConfig(this.#text);
  }

  git(...args: string[]): string {
    return execFileSync('git', [...identity, ...args], {
      cwd: this.repository,
      encoding: 'utf8',
      env: environment,
      stdio: 'pipe',
    }).trim();
  }

  fleet(): FleetRepository {
    return new GitFleetRepository({ location: this.location, cacheFolder: path.join(this.folder, 'cache'), environment });
  }

  /** Judges a release of a model, named by a word, proposes it as a check does, and merges it. Returns the verdict's record. */
  async judge(model: string, word: string, outcome: VerdictFact['outcome'] = 'pass'): Promise<Digest> {
    const fleet = this.fleet();
    const tree = treeOf(model, word);
    const verdict = verdictOf(this.config, { model, word, outcome });
    const [id = verdict.policy] = await appendFacts(this.ledger, [verdict]);
    const { commit: base } = await fleet.snapshot('main');
    const branch = proposalBranch(model, verdict.head);
    const source = {
      commit: verdict.head,
      tree,
      author: 'A Person <person@example.com>',
      subject: word,
      body: '',
      date: DATE,
      repository: null,
    };
    const trailers = proposalTrailers({ model, base, record: id, ledger: await this.ledger.sharedHead(), source });
    const message = commitMessage({ subject: `Deploy ${model} at ${word}`, body: '', trailers });
    const files = renderFleet(planOf(this.config, { model, word }));
    const { commit } = await fleet.commit({ parent: base, branch, files, message, date: DATE });
    await appendFacts(this.ledger, [{ kind: 'proposal', model, verdict: id, repository: this.repository, branch, commit }]);
    this.merge(model, word);
    return id;
  }

  /** From now on this release is what the merged commit holds. */
  merge(model: string, word: string): void {
    this.#merged.set(model, word);
  }

  /** Judges it, and lands it everywhere. */
  async release(model: string, word: string): Promise<void> {
    await this.judge(model, word);
    const [landing] = await this.deploy({ model, wait: 'never' });
    if (landing?.state !== 'landed') throw new Error(`${landing?.state}: ${landing?.reason}`);
  }

  async deploy(request: Partial<DeployRequest> = {}, ports: Partial<DeployPorts> = {}): Promise<Landing[]> {
    return await deployMerged({ ...REQUEST, ...request }, this.portsWith(ports));
  }

  portsWith(ports: Partial<DeployPorts> = {}): DeployPorts {
    return {
      repository: this.#modelRepository(),
      ledger: this.ledger,
      openFleet: () => this.fleet(),
      clock: systemClock,
      progress: silentProgress,
      watcher: null,
      images: { standFor: (reference) => Promise.resolve([reference.replace(/^.*@/, '') as Digest]) },
      pullRequests: null,
      deployments: null,
      ...this.ports,
      ...ports,
    };
  }

  /** Somebody's own commit on a branch of the fleet; a function gets what a file says today. */
  edit(file: string, change: string | ((text: string) => string), branch = 'main'): string {
    const clone = mkdtempSync(path.join(this.folder, 'clone-'));
    const git = (...args: string[]) =>
      execFileSync('git', [...identity, ...args], { cwd: clone, env: environment, stdio: 'pipe' });
    git('clone', '--quiet', '--branch', branch, this.repository, '.');
    const text = typeof change === 'string' ? change : change(this.git('show', `${branch}:${file}`));
    mkdirSync(path.dirname(path.join(clone, file)), { recursive: true });
    writeFileSync(path.join(clone, file), text);
    git('add', '--all');
    git('commit', '--quiet', '-m', `Edit ${file} by hand`);
    git('push', '--quiet', 'origin', branch);
    rmSync(clone, { recursive: true });
    return this.git('rev-parse', branch);
  }

  /** The model digest that a branch runs, by site: as the word of its release. */
  running(model: string, words: readonly string[], branch = 'main'): Record<string, string> {
    const byDigest = new Map(words.map((word) => [digestOf(model + word), word]));
    const folder = `apps/${model}/overlays`;
    const files = this.git('ls-tree', '-r', '--name-only', branch, folder).split('\n');
    const overlays = files.filter((file) => file.endsWith('/kustomization.yaml') && file.split('/').length === 6);
    return Object.fromEntries(
      overlays.map((file) => {
        const [found = ''] = /sha256:[0-9a-f]{64}/.exec(this.git('show', `${branch}:${file}`)) ?? [];
        return [file.split('/')[3] ?? '', byDigest.get(`sha256:${found.slice('sha256:'.length)}`) ?? found];
      }),
    );
  }

  /** Subjects of a branch, newest first. */
  subjects(branch = 'main'): string[] {
    return this.git('log', '--format=%s', branch).split('\n');
  }

  async kinds(): Promise<string[]> {
    return (await this.ledger.entries()).map(({ record }) => record.fact.kind);
  }

  remove(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }

  #modelRepository(): ModelRepository {
    const never = () => Promise.reject(new Error('a deploy has no need of it'));
    const tree = (model: string) => treeOf(model, this.#merged.get(model) ?? '');
    return {
      workingTree: this.folder,
      resolve: () => Promise.resolve('c'.repeat(40)),
      readFile: () => Promise.resolve(this.#text),
      largeFiles: () => Promise.resolve([]),
      mergeBase: () => Promise.resolve(null),
      treeOf: (_, folder) => Promise.resolve(tree(folder.replace('models/', ''))),
      describe: () => Promise.resolve({ author: 'A Person', subject: 'Merge', body: '', date: DATE }),
      extract: never,
      history: never,
      list: never,
      discard: () => Promise.resolve(),
    };
  }
}

function ledgerText(policy: Trust | undefined): string {
  if (policy === undefined) return '';
  const keys = policy.keys.map(({ publicKey: key, from, until }) => ({ key, ...(from && { from }), ...(until && { until }) }));
  return `ledger: ${JSON.stringify({ name: policy.name, keys })}\n`;
}
