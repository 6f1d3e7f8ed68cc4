import { createWriteStream } from 'node:fs';
import { mkdir, mkdtemp, rename, rm, stat } from 'node:fs/promises';
import { dirname, extname, join } from 'node:path';
import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { GetObjectCommand, ListObjectsV2Command, S3Client } from '@aws-sdk/client-s3';
import { CouldNotRun, hexOf, reasonOf, type Digest } from '#kernel';
import type { Clip, ClipDataset } from '../dataset.ts';
import type { Footage, FootageFile } from '../footage.ts';
import type { OpenDataset } from '../sample-source.ts';
import { FileDataset } from './file-dataset.ts';
import { arrived, LARGEST_TEXT, tooLarge } from './folder-footage.ts';
import { digestOfFile, PinnedFiles } from './pinned-files.ts';

export type S3Place = {
  bucket: string;
  /** Empty, or with a slash at its end. */
  prefix: string;
  /** For servers that are not Amazon's; addressed by path, as they all can be. */
  endpoint: string | null;
  region: string | null;
  /** Where objects are kept on this machine, by their digest. */
  cache: string;
};

/** A bucket of an S3-compatible server. Credentials are the AWS chain's: environment, profile, or the machine's role. */
export function s3Footage({ bucket, prefix, endpoint, region, cache }: S3Place): Footage {
  const place = `s3://${bucket}/${prefix}`;
  const client = new S3Client({
    ...(endpoint !== null && { endpoint, forcePathStyle: true }),
    region: region ?? 'us-east-1',
  });
  const fault = (what: string, cause: unknown): never => {
    const remedy =
      'see the endpoint, the region and the credentials (AWS_ENDPOINT_URL_S3, AWS_REGION, AWS_ACCESS_KEY_ID or a profile)';
    throw new CouldNotRun({ file: `${place}${what}`, message: `cannot be read: ${reasonOf(cause)}`, remedy }, { cause });
  };
  const get = async (name: string): Promise<Readable> => {
    const answer = await client
      .send(new GetObjectCommand({ Bucket: bucket, Key: prefix + name }))
      .catch((cause: unknown) => fault(name, cause));
    return answer.Body as Readable;
  };
  const keep = (name: string) => keepObject({ name, cache, read: () => get(name), fault: (cause) => fault(name, cause) });
  return {
    place,
    list: () => listObjects(client, { bucket, prefix }).catch((cause: unknown) => fault('', cause)),
    async readText({ name, bytes }) {
      if (bytes > LARGEST_TEXT) throw tooLarge(place + name);
      const chunks = await (await get(name)).toArray().catch((cause: unknown) => fault(name, cause));
      return Buffer.concat(chunks as Buffer[]).toString();
    },
    pin: async ({ name }) => {
      const { pin, path } = await keep(name);
      return { pin, bytes: (await stat(path)).size };
    },
    open: (dataset) => new CachedDataset(dataset, { cache, place, fetch: async (name) => void (await keep(name)) }),
  };
}

async function listObjects(client: S3Client, { bucket, prefix }: { bucket: string; prefix: string }): Promise<FootageFile[]> {
  const files: FootageFile[] = [];
  let token: string | undefined;
  do {
    const page = await client.send(
      new ListObjectsV2Command({ Bucket: bucket, Prefix: prefix, ...(token !== undefined && { ContinuationToken: token }) }),
    );
    for (const { Key: key, Size: bytes, LastModified: modified } of page.Contents ?? []) {
      if (key === undefined || key.endsWith('/')) continue;
      files.push({ name: key.slice(prefix.length), bytes: bytes ?? 0, modifiedAt: (modified ?? new Date(0)).toISOString() });
    }
    token = page.IsTruncated === true ? page.NextContinuationToken : undefined;
  } while (token !== undefined);
  return files.toSorted((a, b) => (a.name < b.name ? -1 : 1));
}

type Keeping = { name: string; cache: string; read: () => Promise<Readable>; fault: (cause: unknown) => never };

/** Downloads an object under a name of its own, then moves it to that of its digest: what is there is whole. */
async function keepObject({ name, cache, read, fault }: Keeping): Promise<{ pin: Digest; path: string }> {
  await mkdir(cache, { recursive: true });
  const scratch = await mkdtemp(join(cache, 'part-'));
  try {
    const part = join(scratch, 'object');
    const body = await read();
    await pipeline(body, createWriteStream(part)).catch(fault);
    const pin = await digestOfFile(part);
    const path = cachedPath(cache, name, pin);
    await mkdir(dirname(path), { recursive: true });
    await rename(part, path);
    return { pin, path };
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
}

/** The extension is kept: the container is chosen by it. */
function cachedPath(cache: string, name: string, pin: Digest): string {
  const hex = hexOf(pin);
  return join(cache, hex.slice(0, 2), `${hex}${extname(name).toLowerCase()}`);
}

/** Clips of a bucket, fetched when they are first looked at. */
class CachedDataset implements OpenDataset {
  readonly dataset: ClipDataset;
  readonly #from: { cache: string; place: string; fetch: (name: string) => Promise<void> };
  readonly #files: FileDataset;

  constructor(dataset: ClipDataset, from: { cache: string; place: string; fetch: (name: string) => Promise<void> }) {
    this.dataset = dataset;
    this.#from = from;
    const locate = (name: string, pin: Digest) => arrived(cachedPath(from.cache, name, pin), pin, from.place + name);
    this.#files = new FileDataset(dataset, new PinnedFiles(), locate);
  }

  read(): never {
    throw new Error('footage holds clips, no pictures');
  }

  async *frames(clip: Clip, framesPerSecond: number) {
    await this.#have(clip);
    yield* this.#files.frames(clip, framesPerSecond);
  }

  async seconds(clip: Clip): Promise<number> {
    await this.#have(clip);
    return await this.#files.seconds(clip);
  }

  async #have({ id, media }: Clip): Promise<void> {
    if (media.kind !== 'video' && media.kind !== 'raw video') return;
    const path = cachedPath(this.#from.cache, id, media.pin);
    const there = await stat(path).then(
      () => true,
      () => false,
    );
    if (!there) await this.#from.fetch(id);
  }
}
