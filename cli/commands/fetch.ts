import { resolve } from 'node:path';
import { CouldNotRun, formatBytes, sentence } from '#kernel';
import { listDeployedImages, listNeeded } from '#pipelines/check';
import { composeFetch } from '../compose-fetch.ts';
import { composeTree } from '../compose-tree.ts';
import { exitCodes, type Terminal } from '../terminal.ts';
import { readDeployedStates } from './parts.ts';

/**
 * `datasets`: false where nothing is judged, so that none of their files is read. `deployed`: what is deployed, as `fieldproof open`
 * wrote it; then its images are brought, and nothing else.
 */
export type FetchOptions = {
  repo: string;
  base: string;
  head: string;
  remote: string;
  datasets: boolean;
  deployed?: string;
  problems?: string;
};

/** Brings what a check reads and Git does not hold: it alone asks for it, and every other command reads what is there. */
export async function runFetch(options: FetchOptions, terminal: Terminal): Promise<number> {
  if (options.deployed !== undefined) return await fetchDeployed(options, options.deployed, terminal);
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
    for (const reference of new Set(baseImages.map((image) => image.reference))) terminal.out(`image    ${reference} is here\n`);
  } finally {
    progress.close();
  }
  return exitCodes.pass;
}

/** What cannot be had may still be found otherwise, by who needs it: on their machine, or in the history. */
async function fetchDeployed(options: FetchOptions, file: string, terminal: Terminal): Promise<number> {
  const { repository, fetchImage, progress } = await composeFetch(options, terminal);
  // Of a change that touches nothing that is judged, nothing was written.
  const states = (await composeTree(terminal.cwd).exists(resolve(terminal.cwd, file)))
    ? await readDeployedStates(file, terminal)
    : [];
  for (const reference of await listDeployedImages(repository, options, states)) {
    const said = await fetchImage(reference).then(
      () => 'is here',
      (thrown: unknown) => {
        if (!(thrown instanceof CouldNotRun)) throw thrown;
        return `was not brought: ${sentence(thrown.problems[0]?.message ?? '')}`;
      },
    );
    progress.close();
    terminal.out(`image    ${reference} ${said}\n`);
  }
  return exitCodes.pass;
}
