import { rmSync } from 'node:fs';
import { mkdtemp, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { commitsTouching } from './history.ts';
import { extractFolder } from './extract.ts';
import { lfsPointersBelow } from './lfs-pointers.ts';
import { listFiles, readFileAt } from './objects.ts';
import { mergeBase, objectIdAt, readCommit, resolveCommit, type Repository } from './repository.ts';
import { CouldNotRun } from '#kernel';
import type { ModelRepository } from '../model-repository.ts';

/**
 * Extracts into a fresh folder that nobody else can name or fill, one subfolder per tree; it goes with `discard`, and with
 * the process when that ends of itself.
 * @param temporary where that folder is made
 * @param dataFolder where `fieldproof fetch` brings objects of Git LFS
 */
export function gitModelRepository(repository: Repository, temporary: string, dataFolder: string | null = null): ModelRepository {
  let scratch: Promise<string> | undefined;
  let forget = () => {};
  const makeScratch = async () => {
    const folder = await mkdtemp(join(temporary, 'fieldproof-'));
    const removeAtExit = () => rmSync(folder, { recursive: true, force: true });
    process.once('exit', removeAtExit);
    forget = () => process.off('exit', removeAtExit);
    return folder;
  };
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
    largeFiles: async (commit, under) => await lfsPointersBelow(repository, commit, under),
    list: async (commit, under) => (await listFiles(repository, commit, under)).map(({ path }) => path).toSorted(),
    mergeBase: async (one, other) => (await mergeBase(repository, one, other)) ?? null,
    treeOf: async (commit, path) => (await objectIdAt(repository, commit, path)) ?? null,
    async extract(commit, path) {
      const tree = await objectIdAt(repository, commit, path);
      const folder = join(await (scratch ??= makeScratch()), tree ?? commit);
      if (await exists(folder)) return folder;
      await extractFolder(repository, commit, path, folder, { dataFolder });
      return folder;
    },
    async discard() {
      if (scratch === undefined) return;
      await rm(await scratch, { recursive: true, force: true });
      scratch = undefined;
      forget();
    },
    history: (commit, path, limit) => commitsTouching(repository, commit, path, limit),
    async describe(commit) {
      const { author, date, message } = await readCommit(repository, commit);
      const [subject = '', ...body] = message.trim().split('\n');
      const when = new Date(date);
      // A commit made by hand can be dated beyond what a calendar here can say.
      if (Number.isNaN(when.getTime())) throw undated(repository.folder, commit);
      return { author, subject, body: body.join('\n').trim(), date: when };
    },
  };
}

function undated(folder: string, commit: string): CouldNotRun {
  return new CouldNotRun({ file: folder, message: `commit ${commit} has no date that can be read`, remedy: 'commit it again' });
}

function exists(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  );
}
