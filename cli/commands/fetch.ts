import { listNeeded } from '#pipelines/check';
import { formatBytes } from '#kernel';
import { composeFetch } from '../compose-fetch.ts';
import { exitCodes, type Terminal } from '../terminal.ts';

/** `datasets`: false where nothing is judged, so that none of their files is read. */
export type FetchOptions = {
  repo: string;
  base: string;
  head: string;
  remote: string;
  datasets: boolean;
  problems?: string;
};

/** Brings what a check reads and Git does not hold: it alone asks for it, and every other command reads what is there. */
export async function runFetch(options: FetchOptions, terminal: Terminal): Promise<number> {
  const { repository, fetchLarge, fetchDataset, fetchBase, progress } = await composeFetch(options, terminal);
  try {
    const { large, datasets, baseImages } = await listNeeded(repository, options, options.datasets);
    await fetchLarge(large);
    for (const dataset of datasets) await fetchDataset(dataset);
    for (const image of baseImages) await fetchBase(image);
    progress.close();
    const bytes = [...new Map(large.map((file) => [file.digest, file.size])).values()].reduce((sum, size) => sum + size, 0);
    terminal.out(`weights  ${large.length === 0 ? 'none in Git LFS' : `${formatBytes(bytes)} of Git LFS are here`}\n`);
    for (const { name, files } of datasets) terminal.out(`dataset  ${name}: its ${files.length} files are here\n`);
    for (const { reference } of baseImages) terminal.out(`image    ${reference} is here\n`);
  } finally {
    progress.close();
  }
  return exitCodes.pass;
}
