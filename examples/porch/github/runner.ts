/** A runner of GitHub Actions, as far as a job of Fieldproof can tell: a fresh clone, an event, and the action as it is shipped. */
import { spawn } from 'node:child_process';
import { createWriteStream, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { parse } from 'yaml';
import { OWNER, REPOSITORY } from '../../../testing/github/github.ts';
import type { Hosted } from '../../../testing/github/hosted.ts';
import { execute } from './execute.ts';

const ROOT = path.resolve(import.meta.dirname, '..', '..', '..');

/** What the workflow says, and what happened. */
export type Job = {
  name: string;
  event: 'pull_request' | 'pull_request_target' | 'merge_group' | 'push' | 'schedule';
  payload: unknown;
  /** The commit that is checked out. */
  commit: string;
  /** What steps before that of the action bring into the workspace. */
  prepare?: (workspace: string) => void;
  inputs: Readonly<Record<string, string>>;
};

export type Ran = { code: number; outputs: string; summary: string; log: string; workspace: string };

type Files = Record<'event' | 'output' | 'summary' | 'temporary' | 'log', string>;

export class Runner {
  readonly folder: string;
  readonly #hosted: Hosted;
  readonly #env: Readonly<Record<string, string>>;
  readonly #root: string;
  #jobs = 0;

  /**
   * @param env how programs are found, and how Git reaches GitHub
   * @param root the checkout of Fieldproof whose action it runs
   */
  constructor(folder: string, hosted: Hosted, env: Readonly<Record<string, string>>, root = ROOT) {
    this.folder = folder;
    this.#hosted = hosted;
    this.#env = env;
    this.#root = root;
    mkdirSync(folder, { recursive: true });
  }

  /** Where every job finds the repository; nothing of one job is left to the next. */
  get workspace(): string {
    return path.join(this.folder, REPOSITORY);
  }

  /** @throws Error where the job could not run */
  async run(job: Job): Promise<Ran> {
    const ran = await this.attempt(job);
    if (ran.code > 2) throw new Error(`the job could not run:\n${ran.log}`);
    return ran;
  }

  /** Also a job that could not run is one that ran. */
  async attempt(job: Job): Promise<Ran> {
    this.#jobs += 1;
    await this.checkOut(job.commit);
    await this.#fetchJudged(job);
    job.prepare?.(this.workspace);
    const files = this.#filesOf(job);
    const code = await this.#act(files, job);
    const text = (file: string) => readFileSync(file, 'utf8');
    return {
      code,
      outputs: text(files.output),
      summary: text(files.summary),
      log: text(files.log),
      workspace: this.workspace,
    };
  }

  /** As actions/checkout does with `fetch-depth: 0`. */
  async checkOut(commit: string): Promise<void> {
    rmSync(this.workspace, { recursive: true, force: true });
    const url = this.#hosted.git.url(`${OWNER}/${REPOSITORY}`);
    await this.#git(this.folder, 'clone', '--quiet', url, this.workspace);
    await this.#git(this.workspace, 'checkout', '--quiet', '--detach', commit);
  }

  /** As the workflow in stages does, whose jobs have the base checked out: of a fork, the clone holds nothing. */
  async #fetchJudged({ event, payload }: Job): Promise<void> {
    if (event !== 'pull_request_target') return;
    const { pull_request: pull } = payload as { pull_request: { number: number } };
    const refs = `+refs/pull/${pull.number}/head:refs/fieldproof/head`;
    await this.#git(this.workspace, 'fetch', '--quiet', '--no-tags', 'origin', refs);
  }

  /** With the job's token, which no clone keeps. */
  async #git(cwd: string, ...args: string[]): Promise<void> {
    const password = Buffer.from(`x-access-token:${this.#hosted.token}`).toString('base64');
    const header = `http.extraHeader=Authorization: Basic ${password}`;
    await execute('git', ['-c', header, ...args], { cwd, env: this.#env });
  }

  #filesOf({ name, payload }: Job): Files {
    const folder = path.join(this.folder, '..', 'jobs', `${String(this.#jobs).padStart(2, '0')}-${name}`);
    mkdirSync(path.join(folder, 'tmp'), { recursive: true });
    const file = (base: string, text = '') => {
      writeFileSync(path.join(folder, base), text);
      return path.join(folder, base);
    };
    return {
      event: file('event.json', JSON.stringify(payload)),
      output: file('output.txt'),
      summary: file('summary.md'),
      log: file('log.txt'),
      temporary: path.join(folder, 'tmp'),
    };
  }

  async #act(files: Files, { event, commit, inputs }: Job): Promise<number> {
    const { github, git } = this.#hosted;
    const given = {
      ...defaults(this.#root),
      'github-token': this.#hosted.token,
      'app-id': String(github.app.id),
      'app-private-key': github.app.privateKey,
      // Docker need not be there; the models are the example's own.
      runner: 'process',
      ...inputs,
    };
    const env = {
      ...this.#env,
      ...Object.fromEntries(Object.entries(given).map(([name, value]) => [`INPUT_${name.toUpperCase()}`, value])),
      GITHUB_WORKSPACE: this.workspace,
      GITHUB_REPOSITORY: `${OWNER}/${REPOSITORY}`,
      GITHUB_API_URL: github.proxy.url,
      GITHUB_SERVER_URL: new URL(git.url(REPOSITORY)).origin,
      GITHUB_RUN_ID: String(this.#jobs),
      GITHUB_EVENT_NAME: event,
      GITHUB_EVENT_PATH: files.event,
      GITHUB_OUTPUT: files.output,
      GITHUB_STEP_SUMMARY: files.summary,
      GITHUB_SHA: commit,
      RUNNER_TEMP: files.temporary,
    };
    const log = createWriteStream(files.log);
    const child = spawn(process.execPath, [path.join(this.#root, 'action', 'dist', 'main.js')], { cwd: this.workspace, env });
    for (const stream of [child.stdout, child.stderr]) stream.pipe(log, { end: false });
    const code = await new Promise<number>((resolve, reject) => {
      child.once('error', reject).once('close', (exit) => resolve(exit ?? 3));
    });
    await new Promise((resolve) => void log.end(resolve));
    return code;
  }
}

/** Of action.yml; what is an expression there is given by the job. */
function defaults(root: string): Record<string, string> {
  const action = parse(readFileSync(path.join(root, 'action.yml'), 'utf8')) as { inputs: Record<string, { default: string }> };
  return Object.fromEntries(
    Object.entries(action.inputs).map(([name, { default: value }]) => [name, value.includes('${{') ? '' : value]),
  );
}
