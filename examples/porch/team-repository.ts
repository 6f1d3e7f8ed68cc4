import { spawn, spawnSync, type ChildProcessByStdio } from 'node:child_process';
import { cpSync, mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { Readable } from 'node:stream';
import type { Commit } from './history.ts';

const CLI = path.resolve(import.meta.dirname, '..', '..', 'bin', 'fieldproof');

export type TeamOptions = { quiet: boolean; environment: NodeJS.ProcessEnv };

/** The porch team's model repository on this machine, and the commands that they run in it. */
export class TeamRepository {
  readonly folder: string;
  readonly #options: TeamOptions;

  constructor(folder: string, options: TeamOptions) {
    this.folder = folder;
    this.#options = options;
  }

  begin(): void {
    mkdirSync(this.folder, { recursive: true });
    this.git('init', '--quiet', '--initial-branch=main');
    this.git('config', 'user.name', 'The porch team');
    this.git('config', 'user.email', 'porch@example.com');
  }

  /** A new branch from main with one commit on it; main is checked out again. */
  branch(name: string, commit: Commit): void {
    this.git('checkout', '--quiet', '-b', name, 'main');
    this.record(commit);
    this.git('checkout', '--quiet', 'main');
  }

  merge(branch: string): void {
    this.git('merge', '--quiet', '--no-ff', '-m', `Merge ${branch}`, branch);
  }

  record(commit: Commit): void {
    this.write(commit.files);
    this.commitAll(commit);
  }

  write(files: Commit['files']): void {
    for (const [file, source] of Object.entries(files)) {
      const target = path.join(this.folder, file);
      mkdirSync(path.dirname(target), { recursive: true });
      if ('copy' in source) cpSync(source.copy, target);
      else writeFileSync(target, source.text);
    }
  }

  commitAll({ title, message }: Pick<Commit, 'title' | 'message'>): void {
    this.git('add', '--all');
    this.git('commit', '--quiet', '-m', title, '-m', message);
  }

  /** @throws Error with what Git said */
  git(...args: string[]): string {
    const environment = { ...this.#options.environment, GIT_CONFIG_GLOBAL: '/dev/null', GIT_CONFIG_NOSYSTEM: '1' };
    // Nothing tidies up in the background while the next command is at work.
    const atRest = ['-c', 'gc.auto=0', '-c', 'maintenance.auto=false'];
    const result = spawnSync('git', [...atRest, ...args], { cwd: this.folder, encoding: 'utf8', env: environment });
    if (result.status !== 0) throw new Error(`git ${args.join(' ')}: ${result.stderr}`);
    return result.stdout.trim();
  }

  /** @returns its exit code */
  run(...args: string[]): number {
    const stdio = this.#options.quiet ? ('ignore' as const) : ('inherit' as const);
    return spawnSync(CLI, args, { cwd: this.folder, env: this.#options.environment, stdio }).status ?? 3;
  }

  /** @throws Error when it does not end with 0 */
  mustRun(...args: string[]): void {
    const status = this.run(...args);
    if (status !== 0) throw new Error(`fieldproof ${args.join(' ')} ended with ${status}`);
  }

  /** For whoever looks on while it runs. */
  start(args: readonly string[], more: NodeJS.ProcessEnv = {}): ChildProcessByStdio<null, Readable, Readable> {
    const env = { ...this.#options.environment, ...more };
    return spawn(CLI, args, { cwd: this.folder, env, stdio: ['ignore', 'pipe', 'pipe'] });
  }
}
