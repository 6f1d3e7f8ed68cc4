import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { systemClock, type Digest } from '#kernel';
import type { Controller } from '#gitops';
import type { Entry } from '#ledger';
import { GitLedger } from '#ledger/adapters';
import { CHIPSET, layPorch, SITES } from '../../examples/porch/fleet-repository.ts';
import type { Commit } from '../../examples/porch/history.ts';
import { TeamRepository } from '../../examples/porch/team-repository.ts';
import { Field } from '../rig/field.ts';
import { documents } from '../rig/kube-client.ts';
import { nodeOf, startRig, type Rig } from '../rig/rig.ts';
import { Running } from '../rig/running.ts';
import { factsOf } from '../../history/read-facts.ts';

export type PorchOnRigOptions = {
  controller: Controller;
  /** Where the model repository goes; a folder that `close` removes where none is given. */
  folder?: string;
  /** What commands say, line by line, for whoever shows it. */
  onLine?: (line: string) => void;
  environment: NodeJS.ProcessEnv;
};

/** The fleet repository as its URL calls it, with an owner, as code hosts have it. */
const FLEET = 'acme/fleet';

/** The example's team, and their fleet of three sites on real controllers. */
export class PorchOnRig {
  readonly rig: Rig;
  readonly team: TeamRepository;
  readonly field: Field;
  /** The fleet repository, bare, on this machine. */
  readonly fleet: string;
  readonly #remove: string | null;
  readonly #environment: NodeJS.ProcessEnv;
  readonly #onLine: (line: string) => void;

  private constructor(rig: Rig, fleet: string, options: PorchOnRigOptions) {
    this.rig = rig;
    this.fleet = fleet;
    this.#environment = { ...options.environment, KUBECONFIG: rig.kubeconfig, NO_COLOR: '1' };
    const folder = options.folder ?? mkdtempSync(path.join(tmpdir(), 'fieldproof-fleet-'));
    this.#remove = options.folder === undefined ? folder : null;
    this.team = new TeamRepository(path.join(folder, 'porch'), { quiet: true, environment: this.#environment });
    this.#onLine = options.onLine ?? (() => {});
    this.field = new Field(rig, options.controller, { model: 'porch', chipset: CHIPSET });
  }

  /** Nothing is deployed yet; main holds the first release, and the controllers read an empty fleet repository. */
  static async start(options: PorchOnRigOptions): Promise<PorchOnRig> {
    const { controller } = options;
    const rig = await startRig({ controllers: [controller], sites: SITES.map((name) => ({ name, nodes: [nodeOf(CHIPSET)] })) });
    try {
      const porch = new PorchOnRig(rig, rig.git.create(FLEET), options);
      await layPorch(porch.team, { controller, url: rig.git.url(FLEET) });
      await porch.#layFleet(controller);
      return porch;
    } catch (thrown) {
      await rig.close().catch(() => undefined);
      throw thrown;
    }
  }

  /** As the README says that `fieldproof init --fleet` writes into the fleet repository. */
  async #layFleet(controller: Controller): Promise<void> {
    const clone = path.join(this.team.folder, '..', 'fleet');
    this.team.git('clone', '--quiet', this.fleet, clone);
    this.team.mustRun('init', '--fleet', clone);
    for (const args of [
      ['checkout', '--quiet', '-B', 'main'],
      ['add', '--all'],
      ['-c', 'user.name=Platform', '-c', 'user.email=platform@example.com', 'commit', '--quiet', '-m', 'Lay out the fleet'],
      ['push', '--quiet', 'origin', 'main'],
    ])
      this.team.git('-C', clone, ...args);
    if (controller === 'argocd') {
      const root = documents(readFileSync(path.join(clone, 'argocd', 'root.yaml'), 'utf8'));
      return await this.rig.argocd().hub.client.apply(root);
    }
    await Promise.all(SITES.map((site) => this.rig.flux(site).bootstrap(this.rig.git.url(FLEET))));
  }

  /** Judges what main holds. @returns the digest of the model that passed @throws Error when it does not pass */
  async judgeMain(): Promise<Digest> {
    return await this.#judged('main');
  }

  /** A pull request that is judged and merged. @returns the digest of the model that passed @throws Error when it does not */
  async judge(pullRequest: Commit & { branch: string }): Promise<Digest> {
    this.team.branch(pullRequest.branch, pullRequest);
    const digest = await this.#judged(pullRequest.branch);
    this.team.merge(pullRequest.branch);
    return digest;
  }

  async #judged(head: string): Promise<Digest> {
    const running = this.fieldproof(['check', '--base', 'main', '--head', head]);
    if ((await running.ended) !== 0) throw new Error(`${head} did not pass:\n${running.lines.join('\n')}`);
    const digest = factsOf(await this.entries(), 'verdict').at(-1)?.fact.candidate.stages['model']?.model;
    if (digest === undefined) throw new Error(`${head} was not judged`);
    return digest;
  }

  /** A command, while it runs. The fleet repository is served by this very process: nothing that reads it may block it. */
  fieldproof(args: readonly string[], environment: NodeJS.ProcessEnv = {}): Running {
    return new Running(this.team.start(args, environment), this.#onLine);
  }

  async entries(): Promise<readonly Entry[]> {
    const { folder } = this.team;
    return await new GitLedger({ folder, environment: this.#environment, clock: systemClock, publicKeys: [] }).entries();
  }

  /** In the fleet repository. */
  git(...args: readonly string[]): string {
    return execFileSync('git', args, { cwd: this.fleet, encoding: 'utf8' }).trim();
  }

  /** Somebody else's commit on the branch that the controllers read. @returns its id */
  commit(files: Readonly<Record<string, string>>, message: string): string {
    return this.rig.git.commit(FLEET, files, message);
  }

  /** Where the release of a site is written down. */
  fileOf(site: string): string {
    return `apps/porch/overlays/${site}/${CHIPSET}/kustomization.yaml`;
  }

  /** The model's digest that the fleet repository deploys at a site; null where it deploys nothing there. */
  deployed(site: string, ref = 'main'): string | null {
    if (this.git('ls-tree', ref, '--', this.fileOf(site)) === '') return null;
    const text = this.git('show', `${ref}:${this.fileOf(site)}`);
    return /newName: \S*acme\/porch\n\s+digest: (\S+)/.exec(text)?.[1] ?? null;
  }

  /** Paths that commits change. */
  changed(...commits: readonly string[]): string[] {
    const of = (commit: string) => this.git('diff-tree', '-r', '--no-commit-id', '--name-only', commit).split('\n');
    return [...new Set(commits.flatMap((commit) => of(commit)))].toSorted();
  }

  async close(): Promise<void> {
    await this.rig.close();
    if (this.#remove !== null) rmSync(this.#remove, { recursive: true, force: true });
  }
}
