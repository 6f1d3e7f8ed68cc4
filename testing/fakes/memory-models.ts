import { CouldNotRun, digestOfJson, hexOf } from '#kernel';
import type { ModelRepository } from '../../git/model-repository.ts';

/** A commit: its files by path, and the commit before it. */
export type MemoryCommit = { files: Readonly<Record<string, string>>; parent?: string };

export const COMMITTED = new Date('2026-03-01T12:00:00Z');

/** A model repository in memory; commits go by the names under which they are given. Nothing is put on disk. */
export function memoryModels(commits: Readonly<Record<string, MemoryCommit>>): ModelRepository {
  const filesAt = (commit: string, under: string) =>
    Object.entries(commits[commit]?.files ?? {}).filter(([path]) => path.startsWith(`${under}/`));
  const treeOf = (commit: string, under: string) => {
    const files = filesAt(commit, under);
    return files.length === 0 ? null : hexOf(digestOfJson(Object.fromEntries(files))).slice(0, 40);
  };
  const lineOf = (commit: string): string[] => {
    const { parent } = commits[commit] ?? {};
    return parent === undefined ? [commit] : [commit, ...lineOf(parent)];
  };
  return {
    workingTree: '/nowhere',
    async resolve(ref) {
      if (commits[ref] !== undefined) return ref;
      throw new CouldNotRun({ file: 'memory', message: `has no commit ${ref}`, remedy: 'name one that it has' });
    },
    readFile: async (commit, path) => commits[commit]?.files[path],
    list: async (commit, under) => filesAt(commit, under).map(([path]) => path),
    treeOf: async (commit, under) => treeOf(commit, under),
    extract: async (commit, under) => `/extracted/${commit}/${under}`,
    history: async (commit, under, limit) =>
      lineOf(commit)
        .filter((one, index, line) => treeOf(one, under) !== treeOf(line[index + 1] ?? '', under))
        .slice(0, limit),
    describe: async (commit) => ({ author: 'A Person <person@example.com>', subject: commit, body: '', date: COMMITTED }),
    discard: async () => {},
  };
}
