import { homedir, tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { openRepository, openWorkingTree, gitModelRepository, type Repository } from '#git/adapters';
import { type CodeHost, githubPlace } from '#codehost';
import type { ModelRepository, WorkingTree } from '#git';
import type { Terminal } from './terminal.ts';

/** What Git and a code host alone are asked: nothing here loads what decodes, infers or deploys. */

export async function open(repo: string, { cwd, env }: Terminal): Promise<Repository> {
  return await openRepository(resolve(cwd, repo), { environment: env });
}

/** The models' repository, for commands that only read it. */
export async function composeRepository(repo: string, terminal: Terminal): Promise<ModelRepository> {
  return gitModelRepository(await open(repo, terminal), tmpdir(), dataFolder(terminal.env));
}

export function composeTree(folder: string): WorkingTree {
  return openWorkingTree(resolve(folder));
}

/** Images and clones, which any repository on this machine may use again. */
export function cacheFolder(env: Terminal['env']): string {
  return env['FIELDPROOF_CACHE'] ?? join(env['XDG_CACHE_HOME'] ?? join(homedir(), '.cache'), 'fieldproof');
}

/** What `fieldproof fetch` brings here: weights and data, by the sha256 of their bytes. */
export function dataFolder(env: Terminal['env']): string {
  return env['FIELDPROOF_DATA'] ?? join(cacheFolder(env), 'data');
}

/** Base images that it brings, for builds that are logged in nowhere. */
export function baseFolder(env: Terminal['env']): string {
  return join(dataFolder(env), 'base-images');
}

/** Null where the environment names no repository on GitHub, or nothing to sign in with. */
export async function composeCodeHost({ env }: Terminal, policy: { appId: number | null }): Promise<CodeHost | null> {
  const place = githubPlace(env, policy.appId);
  if (place === null) return null;
  // Loaded where it is used: what talks to code hosts is large, and most commands do not.
  const { openGithub } = await import('#codehost/adapters');
  return await openGithub({ ...place, environment: env });
}
