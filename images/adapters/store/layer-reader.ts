import { createReadStream } from 'node:fs';
import { chmod, mkdir, open } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { Readable, type Writable } from 'node:stream';
import { CouldNotRun, reasonOf } from '#kernel';
import { extract, type Header } from 'tar-stream';
import { isInside } from '../../layer.ts';

const CHUNK = 1024 * 1024;
const MOST_ENTRIES = 10_000;

/**
 * Unpacks the layers of a model image, read-only. It may come from a registry, so nothing but plain files and folders is
 * taken: no links, no devices, no path that leaves the folder, nothing twice.
 * @throws CouldNotRun naming the entry that is refused
 */
export async function unpackLayers(tars: readonly string[], folder: string): Promise<void> {
  await makeFolder(folder, '');
  const seen = new Set<string>();
  for (const tar of tars) {
    try {
      await unpackLayer(tar, folder, seen);
    } catch (cause) {
      // What is no tar, or names one thing twice, is its maker's fault; a full disk is not.
      if (cause instanceof CouldNotRun || isOfTheDisk(cause)) throw cause;
      throw refused(tar, `what cannot be unpacked: ${reasonOf(cause)}`);
    }
  }
}

function isOfTheDisk(thrown: unknown): boolean {
  return (
    thrown instanceof Error && 'code' in thrown && ['ENOSPC', 'EDQUOT', 'EIO', 'EACCES', 'EROFS'].includes(String(thrown.code))
  );
}

async function unpackLayer(tar: string, folder: string, seen: Set<string>): Promise<void> {
  for await (const taken of takenEntries(createReadStream(tar, { highWaterMark: CHUNK }), tar, seen)) {
    if ('folder' in taken) await makeFolder(folder, taken.folder);
    else await writeEntry(folder, taken);
  }
}

/** What is taken of a layer, by its path inside; a file's content must be read before the next comes. */
export type TakenEntry = { folder: string } | { file: string; content: AsyncIterable<Uint8Array> };

/**
 * Decides what of a tar may be unpacked, before anything of it is.
 * @param tar how messages name it
 * @param seen files of this layer and of those before it
 * @throws CouldNotRun naming the entry that is refused, or what the reader of tars throws for what is none
 */
export async function* takenEntries(
  bytes: AsyncIterable<Uint8Array>,
  tar: string,
  seen: Set<string>,
): AsyncGenerator<TakenEntry> {
  let entries = 0;
  for await (const entry of tarEntries(bytes)) {
    entries += 1;
    if (entries > MOST_ENTRIES) throw refused(tar, `more than ${MOST_ENTRIES} files and folders`);
    const { name, type } = entry.header;
    const path = type === 'directory' ? name.replace(/\/$/, '') : name;
    if (!isInside(path)) throw refused(tar, `an entry outside it: ${JSON.stringify(name)}`);
    if (type === 'directory') {
      entry.resume();
      yield { folder: path };
      continue;
    }
    if (type !== 'file') throw refused(tar, `a ${type}: ${JSON.stringify(name)}`);
    if (seen.has(path)) throw refused(tar, `the same file twice: ${JSON.stringify(name)}`);
    seen.add(path);
    yield { file: path, content: entry };
  }
}

export type TarEntry = AsyncIterable<Uint8Array> & { header: Header; resume(): unknown };

/** The entries of a tar; each must be read to its end, or resumed, before the next one comes. */
export async function* tarEntries(bytes: AsyncIterable<Uint8Array>): AsyncGenerator<TarEntry> {
  const tar = extract();
  const source = Readable.from(bytes);
  source.on('error', (error) => tar.destroy(error));
  source.pipe(tar as unknown as Writable);
  try {
    yield* tar as AsyncIterable<TarEntry>;
  } finally {
    source.destroy();
    tar.destroy();
  }
}

async function writeEntry(folder: string, { file: path, content }: Extract<TakenEntry, { file: string }>): Promise<void> {
  await makeFolder(folder, dirname(path));
  const file = await open(join(folder, path), 'wx', 0o444);
  try {
    for await (const chunk of content) await file.writeFile(chunk);
    await file.chmod(0o444);
  } finally {
    await file.close();
  }
}

/** Open to every reader whatever the umask: a container reads it as nobody. */
async function makeFolder(root: string, path: string): Promise<void> {
  await mkdir(join(root, path), { recursive: true });
  await chmod(join(root, path), 0o755);
}

function refused(tar: string, what: string): CouldNotRun {
  return new CouldNotRun({
    file: tar,
    message: `a model image may hold plain files only, and this layer holds ${what}`,
    remedy: 'build the model image with Fieldproof, and check who pushed this one',
  });
}
