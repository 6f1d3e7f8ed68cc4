import { cpSync, mkdtempSync, readFileSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { systemClock } from '#kernel';
import { GitLedger } from '#ledger/adapters';
import type { Entry, Fact } from '#ledger';
import { execute } from '../../examples/porch/github/execute.ts';
import { Page } from '../../examples/porch/github/page.ts';
import { Runner } from '../../examples/porch/github/runner.ts';
import { startHosted, type Hosted } from '../github/hosted.ts';
import { surroundings } from '../github/surroundings.ts';
import { installation, ofCommandLine } from '../installation.ts';
import { playWorkflow, type PlayedJob } from '../github/workflow.ts';
import { configText } from './colour-datasets.ts';
import { makeModelRepository, testCache, type ModelRepository } from './model-repository.ts';
import { LEDGER, signingKey, type SigningKey } from './shared-ledger.ts';

const REMOTE = 'https://github.com/acme/porch.git';
export const FLEET = 'acme/porch-fleet';

/** `number` and `head` of a pull request. */
export type Proposed = { number: number; head: string };

/**
 * A team on GitHub: repositories behind real Git over HTTP, the emulator for the rest, and jobs that are played as the workflows say
 * that `init` writes. Its first release is judged and deployed, and the ledger is shared, signed.
 */
export class HostedTeam {
  readonly folder: string;
  readonly page: Page;
  readonly key: SigningKey;
  readonly #hosted: Hosted;
  readonly #repository: ModelRepository;
  readonly #runner: Runner;
  readonly #env: Readonly<Record<string, string>>;
  /** What somebody does when a repository takes a push, while a job waits to be told that it has. */
  whenPushed: (repository: string) => Promise<void> = () => Promise.resolve();
  #plays = 0;

  private constructor(folder: string, hosted: Hosted, repository: ModelRepository) {
    this.folder = folder;
    this.#hosted = hosted;
    this.#repository = repository;
    this.key = signingKey(folder, 'ours');
    this.page = new Page(hosted);
    this.#env = surroundings(folder, 'team', hosted, testCache);
    this.#runner = new Runner(
      path.join(folder, 'runner'),
      hosted,
      surroundings(folder, 'runner', hosted, testCache),
      installation.root,
    );
  }

  static async start(): Promise<HostedTeam> {
    const folder = realpathSync(mkdtempSync(path.join(tmpdir(), 'fieldproof-hosted-')));
    let team: HostedTeam | null = null;
    const hosted = await startHosted(path.join(folder, 'github'), async (name) => await team?.whenPushed(name));
    team = new HostedTeam(folder, hosted, await makeModelRepository());
    await team.#found();
    return team;
  }

  async close(): Promise<void> {
    await this.#hosted.close();
    this.#repository.remove();
    rmSync(this.folder, { recursive: true, force: true });
  }

  async #found(): Promise<void> {
    cpSync(path.join(this.#repository.folder, 'data'), path.join(this.#runner.folder, 'data'), { recursive: true });
    // A bench that cannot tell a loss of 1% leaves changes undecided: proposed, and not deployed.
    const config = configText.replace('../fleet.git', `https://github.com/${FLEET}.git`).replace('margin: 20%', 'margin: 1%');
    const policy = `ledger: { name: acme/porch, keys: [ { key: ${this.key.publicKey}, from: 2026-01-01 } ] }\n`;
    // Before policy could say who signs, a job had its key, and that was all.
    this.#repository.write({ 'fieldproof.yaml': installation.isThis ? config + policy : config });
    this.#repository.commit('Deploy to the fleet, and say who signs');
    await this.git('remote', 'add', 'origin', REMOTE);
    await this.git('push', '--quiet', 'origin', 'main');
    const sync = ['ledger', '--sync', 'origin'];
    for (const args of [['check', '--base', 'main', '--head', 'main'], sync, ['deploy'], sync])
      await execute(
        path.join(installation.root, 'bin', 'fieldproof'),
        [...args, '--signing-key', this.key.file],
        this.#at(this.#repository.model),
      );
  }

  #at(cwd: string) {
    return { cwd, env: this.#env };
  }

  /** As anybody who has a token that may push. */
  async git(...args: string[]): Promise<string> {
    return await this.gitIn(this.#repository.model, ...args);
  }

  async gitIn(cwd: string, ...args: string[]): Promise<string> {
    return await execute('git', ['-c', 'user.name=Somebody', '-c', 'user.email=somebody@example.com', ...args], this.#at(cwd));
  }

  /** A branch with another model, and its pull request. */
  async propose(branch: string, gains: readonly [number, number, number]): Promise<Proposed> {
    await this.#repository.propose(branch, { gains });
    await this.git('push', '--quiet', 'origin', branch);
    const { number } = await this.page.open(branch, `Change the model: ${branch}`);
    return { number, head: await this.git('rev-parse', branch) };
  }

  /** As GitHub does when somebody presses the button. Returns the commit. */
  async merge(branch: string): Promise<string> {
    await this.git('checkout', '--quiet', 'main');
    await this.git('merge', '--quiet', '--no-ff', '--message', `Merge ${branch}`, branch);
    await this.git('push', '--quiet', 'origin', 'main');
    return await this.git('rev-parse', 'HEAD');
  }

  /** @param key of the secret FIELDPROOF_SIGNING_KEY, where it reaches the jobs */
  async check(workflow: 'check' | 'check-forks', { number, head }: Proposed, key = this.#signs()): Promise<readonly PlayedJob[]> {
    const base = await this.git('rev-parse', 'main');
    const [event, commit] = workflow === 'check' ? (['pull_request', head] as const) : (['pull_request_target', base] as const);
    const payload = { pull_request: { number, base: { sha: base }, head: { sha: head, repo: { full_name: 'acme/porch' } } } };
    return await this.#play({ file: workflow, event, payload, commit }, key);
  }

  async deploy(commit: string, key = this.#signs()): Promise<PlayedJob> {
    const [job] = await this.#play({ file: 'deploy', event: 'push', payload: {}, commit }, key);
    if (job === undefined) throw new Error('no job was played');
    return job;
  }

  #signs(): string {
    return readFileSync(this.key.file, 'utf8');
  }

  async #play(what: Pick<Parameters<typeof playWorkflow>[0], 'file' | 'event' | 'payload' | 'commit'>, key: string) {
    this.#plays += 1;
    const { github } = this.#hosted;
    const secrets = {
      FIELDPROOF_APP_ID: String(github.app.id),
      FIELDPROOF_APP_PRIVATE_KEY: github.app.privateKey,
      FIELDPROOF_FLEET_TOKEN: this.#hosted.token,
      FIELDPROOF_SIGNING_KEY: key,
    };
    const artifacts = path.join(this.folder, 'artifacts', String(this.#plays));
    const file = ofCommandLine('init', 'workflows', `fieldproof-${what.file}.yml`);
    return await playWorkflow({ ...what, file, artifacts, secrets, runner: this.#runner });
  }

  /** Where the ledger's branch is. */
  async ledgerTip(): Promise<string> {
    return await execute('git', ['rev-parse', LEDGER], this.#at(this.#hosted.model));
  }

  async entries(): Promise<readonly Entry[]> {
    return await new GitLedger({ folder: this.#hosted.model, environment: this.#env, clock: systemClock }).entries();
  }

  /** Appends facts without a key, as Fieldproof would, onto a commit of the ledger, and pushes that by force. */
  async pushForged(facts: readonly Fact[], onto: string | null): Promise<void> {
    const clone = mkdtempSync(path.join(this.folder, 'forger-'));
    await this.gitIn(clone, 'init', '--quiet');
    if (onto !== null) {
      await this.gitIn(clone, 'fetch', '--quiet', REMOTE, LEDGER);
      await this.gitIn(clone, 'update-ref', `refs/heads/${LEDGER}`, onto);
    }
    await new GitLedger({ folder: clone, environment: this.#env, clock: systemClock }).append(facts);
    await this.gitIn(clone, 'push', '--quiet', '--force', REMOTE, LEDGER);
  }

  /** What every site of the fleet runs: digests of models, each once. */
  async deployed(): Promise<readonly string[]> {
    const { fleet } = this.#hosted;
    const texts = await execute('git', ['grep', '-h', 'digest:', 'main', '--', 'apps/tiny/overlays'], this.#at(fleet));
    return [...new Set(texts.match(/sha256:[0-9a-f]{64}/g) ?? [])];
  }
}
