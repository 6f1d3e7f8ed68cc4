import { CouldNotRun, type Progress } from '#kernel';
import type { Wanted } from '#transfer';
import { DataCache, fetchAll, httpClient, openHttp } from '#transfer/adapters';
import { locateObjects } from './lfs-batch.ts';
import { authorizationFor, lfsAddress } from './lfs-credentials.ts';
import type { Repository } from './repository.ts';

/**
 * Brings Git LFS objects into a cache, from the server of a remote of this clone, with the credentials that Git has for it.
 * @throws CouldNotRun with every object that cannot be brought
 */
export async function fetchLfs(
  repository: Repository,
  wanted: readonly Wanted[],
  { remote, folder, progress }: { remote: string; folder: string; progress: Progress },
): Promise<void> {
  if (wanted.length === 0) return;
  const address = await lfsAddress(repository, remote);
  if (address === null) throw noServer(wanted, remote);
  const client = httpClient(repository.environment);
  const headers = await authorizationFor(repository, address.git);
  const found = await locateObjects(wanted, { url: address.lfs, headers }, client);
  const open = openHttp(client, ({ digest }) => {
    const at = found.get(digest);
    if (at === undefined) throw new Error(`${digest} was not located`);
    return at;
  });
  await fetchAll(wanted, { cache: new DataCache(folder), open, progress, name: 'fetch from Git LFS' });
}

function noServer(wanted: readonly Wanted[], remote: string): CouldNotRun {
  return new CouldNotRun({
    ...(wanted[0]?.at ?? { file: remote }),
    message: `a Git LFS pointer, and the remote ${remote} has no address over HTTP to ask for its object`,
    remedy: 'git lfs fetch it where Git LFS is installed, or set lfs.url in the settings of this clone',
  });
}
