import type { TreeEntry } from './objects.ts';
import { LOCAL_DEADLINE, runGit } from './git-process.ts';
import { nulList, type Repository } from './repository.ts';

/** Files that one commit has and another lacks; null where anything else differs between them: a file was changed, or taken away. */
export async function addedFiles(
  repository: Repository,
  from: string,
  to: string,
): Promise<readonly Pick<TreeEntry, 'path' | 'id'>[] | null> {
  const args = ['diff-tree', '-r', '-z', '--no-renames', '--full-index', from, to, '--'];
  const fields = nulList(await runGit(repository, args, { timeoutMs: LOCAL_DEADLINE }));
  const added: Pick<TreeEntry, 'path' | 'id'>[] = [];
  for (let at = 0; at + 1 < fields.length; at += 2) {
    const [, , , id = '', status] = fields[at]?.split(' ') ?? [];
    if (status !== 'A') return null;
    added.push({ path: fields[at + 1] ?? '', id });
  }
  return added;
}
