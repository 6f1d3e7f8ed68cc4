import { join } from 'node:path';
import { rm, stat } from 'node:fs/promises';
import {
  commitsTouching,
  extractFolder,
  objectIdAt,
  readCommit,
  readFileAt,
  resolveCommit,
  uncommittedPaths,
  type Repository,
} from '#git/adapters';
import { CouldNotRun } from '#kernel';
import type { ModelRepository } from '../model-repository.ts';

/** @param scratch folder for extracted model folders; one per commit and path, reused while it lasts */
export function gitModelRepository(repository: Repository, scratch: string): ModelRepository {
  return {
    workingTree: repository.folder,
    async resolve(ref) {
      const commit = await resolveCommit(repository, ref);
      if (commit !== undefined) return commit;
      throw new CouldNotRun({
        file: repository.folder,
        message: `has no commit named ${ref}`,
        remedy: 'fetch it, or name another with --base, --head or --ref',
      });
    },
    async readFile(commit, path) {
      const bytes = await readFileAt(repository, commit, path);
      return bytes === undefined ? undefined : Buffer.from(bytes).toString();
    },
    treeOf: async (commit, path) => (await objectIdAt(repository, commit, path)) ?? null,
    async extract(commit, path) {
      const tree = await objectIdAt(repository, commit, path);
      const folder = join(scratch, tree ?? commit);
      if (await exists(folder)) return folder;
      await extractFolder(repository, commit, path, folder);
      return folder;
    },
    discard: () => rm(scratch, { recursive: true, force: true }),
    history: (commit, path, limit) => commitsTouching(repository, commit, path, limit),
    async describe(commit) {
      const { author, date, message } = await readCommit(repository, commit);
      const [subject = '', ...body] = message.trim().split('\n');
      return { author, subject, body: body.join('\n').trim(), date: new Date(date) };
    },
    uncommitted: () => uncommittedPaths(repository),
  };
}

function exists(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  );
}
