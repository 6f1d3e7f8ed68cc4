import { lfsPointer, LONGEST_POINTER, type LfsPointer } from './lfs-pointer.ts';
import { listFiles, readObjects, sizesOf } from './objects.ts';
import type { Repository } from './repository.ts';

/** The pointers to Git LFS below a folder of a commit, by path from the repository's top. */
export async function lfsPointersBelow(
  repository: Repository,
  commit: string,
  under: string,
): Promise<readonly (LfsPointer & { path: string })[]> {
  const files = (await listFiles(repository, commit, under)).filter(({ kind }) => kind === 'file' || kind === 'executable');
  const sizes = await sizesOf(
    repository,
    files.map(({ id }) => id),
  );
  const small = files.filter((_, index) => (sizes[index] ?? LONGEST_POINTER) < LONGEST_POINTER);
  const contents = await readObjects(
    repository,
    small.map(({ id }) => id),
  );
  return small.flatMap(({ path }, index) => {
    const pointer = lfsPointer(contents[index] ?? new Uint8Array());
    return pointer === undefined ? [] : [{ ...pointer, path }];
  });
}
