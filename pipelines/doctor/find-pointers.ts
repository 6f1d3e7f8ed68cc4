import { seen, type Looked } from '#codehost';
import type { Config } from '#config';

/** No pointer of Git LFS is longer, by its specification. */
const LONGEST = 1024;
const POINTER = /^version https:\/\/git-lfs\.github\.com\/spec\/v1\n/;

type Read = (path: string) => Promise<Looked<string | null>>;

/** The files of models that Git LFS keeps elsewhere. They are looked at only where some `.gitattributes` speaks of LFS. */
export async function findPointers(
  files: Looked<readonly { path: string; bytes: number }[]>,
  models: Config['models'],
  read: Read,
): Promise<Looked<readonly string[]>> {
  if (files.state === 'unseen') return files;
  const attributes = files.value.filter(({ path }) => /(^|\/)\.gitattributes$/.test(path));
  if (!(await some(attributes, read, (text) => text.includes('filter=lfs')))) return seen([]);
  const small = files.value.filter(
    ({ path, bytes }) => bytes <= LONGEST && models.some(({ build }) => path.startsWith(`${build}/`)),
  );
  const found: string[] = [];
  for (const { path } of small) {
    const text = await read(path);
    if (text.state === 'unseen') return text;
    if (text.value !== null && POINTER.test(text.value)) found.push(path);
  }
  return seen(found);
}

async function some(files: readonly { path: string }[], read: Read, holds: (text: string) => boolean): Promise<boolean> {
  for (const { path } of files) {
    const text = await read(path);
    if (text.state === 'seen' && text.value !== null && holds(text.value)) return true;
  }
  return false;
}
