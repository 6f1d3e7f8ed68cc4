import { homedir } from 'node:os';
import { join, resolve } from 'node:path';
import type { WorkingTree } from '#git';
import { openWorkingTree } from '#git/adapters';
import type { Terminal } from './terminal.ts';

/** Files of this machine: what commands read and write, and what is kept for the next one. */

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

/** The workflows that init writes, as this installation has them. */
export async function readWorkflowTemplate(name: string): Promise<string> {
  return await openWorkingTree(join(import.meta.dirname, 'init', 'workflows')).read(name);
}
