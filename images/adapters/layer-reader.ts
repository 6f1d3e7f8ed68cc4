import { createReadStream } from 'node:fs';
import { mkdir, open } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { CouldNotRun } from '#kernel';
import { extract, type Header } from 'tar-stream';
import { isInside } from '../layer.ts';

const MOST_ENTRIES = 10_000;

/**
 * Unpacks the layers of a model image, read-only. It may come from a registry, so nothing but plain files and folders is
 * taken: no links, no devices, no path that leaves the folder, nothing twice.
 * @throws CouldNotRun naming the entry that is refused
 */
export async function unpackLayers(tars: readonly string[], folder: string): Promise<void> {
  await mkdir(folder, { recursive: true });
  const seen = new Set<string>();
  for (const tar of tars) {
    for await (const entry of entriesOf(tar)) {
      await unpackEntry(entry, folder, seen, tar);
      if (seen.size > MOST_ENTRIES) throw refused(tar, `more than ${MOST_ENTRIES} files`);
    }
  }
}

type Entry = AsyncIterable<Uint8Array> & { header: Header; resume(): unknown };

/** The entries of a tar on disk; each must be read to its end before the next one comes. */
async function* entriesOf(path: string): AsyncGenerator<Entry> {
  const tar = extract();
  const file = createReadStream(path, { highWaterMark: 1024 * 1024 });
  file.on('error', (error) => tar.destroy(error));
  file.pipe(tar);
  try {
    yield* tar as AsyncIterable<Entry>;
  } finally {
    file.destroy();
  }
}

async function unpackEntry(entry: Entry, folder: string, seen: Set<string>, tar: string): Promise<void> {
  const { name, type } = entry.header;
  const path = type === 'directory' ? name.replace(/\/$/, '') : name;
  if (!isInside(path)) throw refused(tar, `an entry outside it: ${JSON.stringify(name)}`);
  if (type === 'directory') {
    await mkdir(join(folder, path), { recursive: true });
    entry.resume();
    return;
  }
  if (type !== 'file') throw refused(tar, `a ${type}: ${JSON.stringify(name)}`);
  if (seen.has(path)) throw refused(tar, `the same file twice: ${JSON.stringify(name)}`);
  seen.add(path);
  await mkdir(join(folder, dirname(path)), { recursive: true });
  const file = await open(join(folder, path), 'wx', 0o444);
  try {
    for await (const chunk of entry) await file.writeFile(chunk);
    await file.chmod(0o444);
  } finally {
    await file.close();
  }
}

function refused(tar: string, what: string): CouldNotRun {
  return new CouldNotRun({
    file: tar,
    message: `a model image may hold plain files only, and this layer holds ${what}`,
    remedy: 'build the model image with Fieldproof, and check who pushed this one',
  });
}
