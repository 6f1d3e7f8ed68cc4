import { constants, mkdir, open, readdir, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { CouldNotRun, digestOf, hexOf, reasonOf } from '#kernel';
import type { Artifact, Artifacts } from '../parts/artifacts.ts';

const NAME = /^[0-9a-f]{64}\.json$/;
const MOST_FILES = 500;
const MOST_BYTES = 256 * 1024 * 1024;

/**
 * Reads what a machine wrote that may have run a stranger's container. No name in the folder says where anything is: it is
 * the digest of what it holds or it is refused, and so is every link, pipe and folder; the others are read all the same.
 */
export const artifactFolder: Artifacts = {
  async write(folder, text) {
    const file = join(folder, `${hexOf(digestOf(text))}.json`);
    const draft = join(folder, `.${process.pid}.draft`);
    await mkdir(folder, { recursive: true });
    await writeFile(draft, text);
    await rename(draft, file);
    return file;
  },
  async read(folder) {
    const names = (await readdir(folder).catch(emptyWhereMissing)).toSorted();
    if (names.length > MOST_FILES) throw refused(folder, `it holds ${names.length} files, and ${MOST_FILES} are read`);
    const artifacts: Artifact[] = [];
    // A name is shown only as JSON, which has no line ends: it could otherwise write lines of its own into a log.
    for (const name of names) artifacts.push({ name: JSON.stringify(name.slice(0, 100)), ...(await readOne(folder, name)) });
    return artifacts;
  },
};

async function readOne(folder: string, name: string): Promise<{ text: string } | { refused: string }> {
  if (!NAME.test(name)) return { refused: 'it is not named by a digest' };
  const flags = constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK;
  const file = await open(join(folder, name), flags).catch((cause: unknown) => codeOf(cause));
  if (typeof file === 'string') return { refused: `it cannot be opened as a plain file (${file})` };
  try {
    const stats = await file.stat();
    if (!stats.isFile()) return { refused: 'it is no plain file' };
    if (stats.size > MOST_BYTES) return { refused: `it has ${stats.size} bytes, and ${MOST_BYTES} are read` };
    const bytes = await file.readFile();
    const isTrue = `${hexOf(digestOf(bytes))}.json` === name;
    return isTrue ? { text: bytes.toString('utf8') } : { refused: 'it does not hold what its name says' };
  } finally {
    await file.close();
  }
}

function codeOf(cause: unknown): string {
  return cause instanceof Error && 'code' in cause ? String(cause.code) : reasonOf(cause);
}

function emptyWhereMissing(cause: unknown): string[] {
  if (cause instanceof Error && 'code' in cause && cause.code === 'ENOENT') return [];
  throw cause;
}

function refused(folder: string, message: string): CouldNotRun {
  return new CouldNotRun({
    file: folder,
    message,
    remedy: 'give a folder that holds the parts of this check and nothing else; see what ran on the machine that wrote it',
  });
}
