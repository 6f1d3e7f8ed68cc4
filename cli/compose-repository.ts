import { tmpdir } from 'node:os';
import { resolve } from 'node:path';
import type { ModelRepository } from '#git';
import { type Repository, gitModelRepository, openRepository } from '#git/adapters';
import { dataFolder } from './compose-tree.ts';
import type { Terminal } from './terminal.ts';

/** What Git alone is asked: nothing here loads what decodes, infers or deploys. */

export async function open(repo: string, { cwd, env }: Terminal): Promise<Repository> {
  return await openRepository(resolve(cwd, repo), { environment: env });
}

/** The models' repository, for commands that only read it. */
export async function composeRepository(repo: string, terminal: Terminal): Promise<ModelRepository> {
  return gitModelRepository(await open(repo, terminal), tmpdir(), dataFolder(terminal.env));
}
