import { tmpdir } from 'node:os';
import { placeOf, type FetchedSource } from '#config';
import { fetchLfs, gitModelRepository } from '#git/adapters';
import type { LargeFile, ModelRepository } from '#git';
import { dockerCredentials, openBlobs, OciRegistry, sendBase, sendImage } from '#images/adapters';
import { CouldNotRun, type Digest } from '#kernel';
import type { BaseImage, NeededDataset } from '#pipelines/check';
import { readDvcFile, type Opener, type Wanted } from '#transfer';
import { DataCache, dvcAddresses, fetchAll, httpClient, openBucket, openHttp } from '#transfer/adapters';
import { baseFolder, dataFolder } from './compose-tree.ts';
import { open } from './compose-repository.ts';
import { progressOn } from './compose-progress.ts';
import { imageStore } from './compose-images.ts';
import type { TerminalProgress } from './progress.ts';
import type { Terminal } from './terminal.ts';

type Fetching = {
  repository: ModelRepository;
  fetchLarge: (files: readonly LargeFile[]) => Promise<void>;
  fetchDataset: (dataset: NeededDataset) => Promise<void>;
  fetchBase: (image: BaseImage) => Promise<void>;
  /** By a name with its digest. */
  fetchImage: (reference: string) => Promise<void>;
  progress: TerminalProgress;
};

export async function composeFetch(options: { repo: string; remote: string }, terminal: Terminal): Promise<Fetching> {
  const { env } = terminal;
  const repository = await open(options.repo, terminal);
  const folder = dataFolder(env);
  const progress = progressOn(terminal);
  const registry = new OciRegistry({ store: imageStore(env), credentials: dockerCredentials(env) });
  return {
    repository: gitModelRepository(repository, tmpdir(), folder),
    fetchLarge: async (files) => {
      const wanted = files.map(({ path, digest, size }) => ({ digest, size, at: { file: path } }));
      await fetchLfs(repository, wanted, { remote: options.remote, folder, progress });
    },
    fetchDataset: async (dataset) => {
      const cache = new DataCache(folder);
      const wanted = dataset.files.map(({ digest, at }) => ({ digest, at, size: null }));
      const name = `fetch ${dataset.name} from ${placeOf(dataset.source)}`;
      await fetchAll(wanted, { cache, open: await openerFor(dataset, env), progress, name });
    },
    fetchBase: async (image) => {
      progress.step(`fetch ${image.reference}`);
      await sendBase(image, registry, baseFolder(env));
    },
    fetchImage: async (reference) => {
      progress.step(`fetch ${reference}`);
      await sendImage(await registry.pull(reference), baseFolder(env));
    },
    progress,
  };
}

/** How each kind of place is asked for a file, which is known by its digest here and by a path there. */
async function openerFor({ source, files, readFile }: NeededDataset, env: Terminal['env']): Promise<Opener> {
  const paths = new Map(files.map(({ digest, path }) => [digest, path]));
  const pathOf = ({ digest }: Wanted) => paths.get(digest) ?? '';
  switch (source.kind) {
    case 'bucket':
      return await openBucket(withDefaults(source, env), pathOf);
    case 'registry':
      return openBlobs(source.image, dockerCredentials(env));
    case 'http':
      return openHttp(httpClient(env), (wanted) => ({ url: source.url + encodePath(pathOf(wanted)), headers: {} }));
    case 'dvc':
      return await openDvc(source, { files, readFile, env });
  }
}

type Bucket = Extract<FetchedSource, { kind: 'bucket' }>;

function withDefaults({ bucket, prefix, endpoint, region }: Bucket, env: Terminal['env']) {
  return {
    bucket,
    prefix,
    endpoint: endpoint ?? (env['AWS_ENDPOINT_URL_S3'] || env['AWS_ENDPOINT_URL'] || null),
    region: region ?? (env['AWS_REGION'] || env['AWS_DEFAULT_REGION'] || 'us-east-1'),
  };
}

async function openDvc(
  { url, file }: Extract<FetchedSource, { kind: 'dvc' }>,
  { files, readFile, env }: Pick<NeededDataset, 'files' | 'readFile'> & { env: Terminal['env'] },
): Promise<Opener> {
  const text = await readFile(file);
  if (text === undefined) {
    const remedy = "commit it, or correct the dataset's source in fieldproof.yaml";
    throw new CouldNotRun({ file, message: 'is not in the commit that the dataset is read from', remedy });
  }
  const client = httpClient(env);
  const tracked = await dvcAddresses(readDvcFile(text, file), url, client);
  const untracked = files.filter(({ path }) => !tracked.has(path));
  if (untracked.length > 0) {
    const remedy = 'dvc add it, dvc push, and commit the .dvc file; or pin the dataset anew';
    throw new CouldNotRun(
      untracked.map(({ path, at }) => ({ ...at, message: `${path} is none of the files of ${file}`, remedy })),
    );
  }
  const addresses = new Map<Digest, string>(files.map(({ digest, path }) => [digest, tracked.get(path) ?? '']));
  return openHttp(client, ({ digest }) => ({ url: addresses.get(digest) ?? url, headers: {} }));
}

function encodePath(path: string): string {
  return path.split('/').map(encodeURIComponent).join('/');
}
