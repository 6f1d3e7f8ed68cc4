import { execFileSync } from 'node:child_process';
import { generateKeyPairSync } from 'node:crypto';
import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { systemClock, type Clock } from '#kernel';
import { GitLedger, shareLedger, type Shared } from '#ledger/adapters';
import type { Entry, Terms } from '#ledger';
import { startGitServer, type GitServer } from '../rig/git-server.ts';
import { gitAtRest } from '../git-at-rest.ts';

export const LEDGER = 'fieldproof/ledger';

export type SigningKey = { file: string; publicFile: string; publicKey: string };

/** A new pair, in files of that name in the folder. */
export function signingKey(folder: string, name: string): SigningKey {
  const { privateKey, publicKey } = generateKeyPairSync('ed25519');
  const [file, publicFile] = [path.join(folder, `${name}.pem`), path.join(folder, `${name}.pub`)];
  writeFileSync(file, privateKey.export({ type: 'pkcs8', format: 'pem' }));
  writeFileSync(publicFile, publicKey.export({ type: 'spki', format: 'pem' }));
  return { file, publicFile, publicKey: publicKey.export({ type: 'spki', format: 'der' }).toString('base64') };
}

/** A job's clone, with the ledger in it. */
export type Job = {
  folder: string;
  ledger: GitLedger;
  share: () => Promise<Shared>;
  git: (...args: string[]) => string;
};

export type JobOptions = {
  key?: SigningKey | null;
  terms?: Terms | null;
  clock?: Clock;
  folder?: string;
  remote?: string;
  path?: string;
};

/** A model repository behind real Git over HTTP, the clones of jobs, and somebody who may push to its ledger's branch. */
export class SharedLedger {
  readonly root: string;
  readonly #server: GitServer;
  readonly #environment: NodeJS.ProcessEnv;
  readonly remote: string;
  readonly bare: string;
  #count = 0;

  private constructor(root: string, server: GitServer) {
    this.root = root;
    this.#server = server;
    this.#environment = { PATH: process.env['PATH'], HOME: root, ...gitAtRest };
    this.bare = server.create('models');
    this.remote = server.url('models');
  }

  static async start(): Promise<SharedLedger> {
    const root = realpathSync(mkdtempSync(path.join(tmpdir(), 'fieldproof-shared-')));
    return new SharedLedger(root, await startGitServer(path.join(root, 'served')));
  }

  async close(): Promise<void> {
    await this.#server.close();
    rmSync(this.root, { recursive: true, force: true });
  }

  key(name: string): SigningKey {
    return signingKey(this.root, name);
  }

  job({ key = null, terms = null, clock = systemClock, folder = this.#freshRepository(), ...rest }: JobOptions = {}): Job {
    const environment = rest.path === undefined ? this.#environment : { ...this.#environment, PATH: rest.path };
    const options = { folder, environment, clock, signingKey: key?.file };
    return {
      folder,
      ledger: new GitLedger(options),
      share: () => shareLedger(rest.remote ?? this.remote, options, terms),
      git: (...args) => this.git(folder, ...args),
    };
  }

  git(folder: string, ...args: string[]): string {
    const identity = ['-c', 'user.name=Somebody', '-c', 'user.email=somebody@example.com'];
    return execFileSync('git', [...identity, ...args], {
      cwd: folder,
      encoding: 'utf8',
      env: this.#environment,
      stdio: 'pipe',
    }).trim();
  }

  /** Where the remote's ledger is. */
  tip(): string | null {
    return this.git(this.bare, 'for-each-ref', '--format=%(objectname)', `refs/heads/${LEDGER}`) || null;
  }

  /** As anybody may who can push: the branch goes to any commit that the remote has. */
  force(commit: string | null): void {
    if (commit === null) this.git(this.bare, 'update-ref', '-d', `refs/heads/${LEDGER}`);
    else this.git(this.bare, 'update-ref', `refs/heads/${LEDGER}`, commit);
  }

  /** Changes the ledger's files by hand, on top of what the remote holds, and pushes that; by its folder, for this process serves the address. */
  tamper(change: (folder: string) => void): string {
    const folder = this.#freshRepository();
    this.git(folder, 'fetch', '--quiet', this.bare, LEDGER);
    this.git(folder, 'checkout', '--quiet', '-B', LEDGER, 'FETCH_HEAD');
    change(folder);
    this.git(folder, 'add', '--all');
    this.git(folder, 'commit', '--quiet', '--message', 'Append 1 to the ledger');
    this.git(folder, 'push', '--quiet', '--force', this.bare, `HEAD:refs/heads/${LEDGER}`);
    return this.git(folder, 'rev-parse', 'HEAD');
  }

  /** What a fresh clone finds in the remote. */
  async entries(): Promise<readonly Entry[]> {
    const fresh = this.job();
    await fresh.share();
    return await fresh.ledger.entries();
  }

  #freshRepository(): string {
    this.#count += 1;
    const folder = path.join(this.root, `clone-${this.#count}`);
    mkdirSync(folder);
    this.git(folder, 'init', '--quiet', '--initial-branch=main');
    return folder;
  }
}
