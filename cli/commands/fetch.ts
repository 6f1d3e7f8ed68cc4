import { listLargeFiles } from '#pipelines/check';
import { formatBytes } from '#kernel';
import { composeFetch } from '../compose-fetch.ts';
import { exitCodes, type Terminal } from '../terminal.ts';

export type FetchOptions = { repo: string; base: string; head: string; remote: string; problems?: string };

/** Brings what a check reads and Git does not hold: it alone asks for it, and every other command reads what is there. */
export async function runFetch(options: FetchOptions, terminal: Terminal): Promise<number> {
  const { repository, fetchLarge, progress } = await composeFetch(options, terminal);
  const files = await listLargeFiles(repository, options);
  await fetchLarge(files).finally(() => progress.close());
  const bytes = [...new Map(files.map((file) => [file.digest, file.size])).values()].reduce((sum, size) => sum + size, 0);
  terminal.out(`weights  ${files.length === 0 ? 'none in Git LFS' : `${formatBytes(bytes)} of Git LFS are here`}\n`);
  return exitCodes.pass;
}
