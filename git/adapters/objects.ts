import { CouldNotRun } from '#kernel';
import { GitFailed, gitText, SaidTooMuch, LOCAL_DEADLINE, runGit } from './git-process.ts';
import { nulList, type Repository } from './repository.ts';

export type TreeEntry = { path: string; id: string; kind: 'file' | 'executable' | 'link' | 'submodule' };

const KINDS: Readonly<Record<string, TreeEntry['kind']>> = { '100755': 'executable', '120000': 'link', '160000': 'submodule' };

/** Bytes of a listing: some 500,000 names. A tree of a few kilobytes can hold a billion. */
const LARGEST_LISTING = 64 * 1024 * 1024;
/** Bytes of a text that is read whole, so that its own reader says what is wrong with one that is larger than it reads. */
const LARGEST_TEXT = 80 * 1024 * 1024;
/** Bytes of what Git says of an object before its content. */
const HEADER = 256;

/** Every file below a folder of a commit ('' for all), with paths from the repository's top, in byte order. */
export async function listFiles(repository: Repository, commit: string, under = ''): Promise<readonly TreeEntry[]> {
  const args = ['ls-tree', '-r', '-z', '--full-tree', commit, ...belowFolder(under)];
  return (await listTree(repository, args, commit)).map((line) => {
    const tab = line.indexOf('\t');
    const [mode = '', , id = ''] = line.slice(0, tab).split(' ');
    return { path: line.slice(tab + 1), id, kind: KINDS[mode] ?? 'file' };
  });
}

/** Names of what lies directly in a folder of a commit: files and folders. */
export async function listNames(repository: Repository, commit: string, folder: string): Promise<readonly string[]> {
  const args = ['ls-tree', '-z', '--name-only', '--full-tree', commit, '--', `${folder}/`];
  const paths = await listTree(repository, args, commit);
  return paths.map((path) => path.slice(folder.length + 1));
}

/** A tree made by hand can call a file a folder, or name what is not there: Git then stops. */
async function listTree(repository: Repository, args: readonly string[], commit: string): Promise<readonly string[]> {
  try {
    return nulList(await runGit(repository, args, { mostBytes: LARGEST_LISTING, timeoutMs: LOCAL_DEADLINE }));
  } catch (cause) {
    if (!(cause instanceof GitFailed)) throw cause;
    const remedy = 'fetch the commit again; if that changes nothing, commit its files anew, with Git';
    throw new CouldNotRun({ file: commit, message: `its files cannot be listed: ${cause.message}`, remedy }, { cause });
  }
}

/** Bytes of each object; null for one that is not there. */
export async function sizesOf(repository: Repository, ids: readonly string[]): Promise<readonly (number | null)[]> {
  const input = `${ids.join('\n')}\n`;
  const lines = (await gitText(repository, ['cat-file', '--batch-check=%(objectsize)'], { input })).split('\n');
  return lines.map((line) => (/^\d+$/.test(line) ? Number(line) : null));
}

function belowFolder(under: string): string[] {
  const folder = under.replace(/\/+$/, '').replace(/^(\.\/)+|^\.$/, '');
  return folder === '' ? [] : ['--', folder];
}

/**
 * The content of many files in one go, in the order asked; undefined for what is not there or not a file. A name is an id,
 * or `<commit>:<path>`. @throws SaidTooMuch where their answer is larger than `mostBytes`, or than a gibibyte
 */
export async function readObjects(
  repository: Repository,
  names: readonly string[],
  mostBytes?: number,
): Promise<readonly (Uint8Array | undefined)[]> {
  if (names.length === 0) return [];
  const most = mostBytes === undefined ? {} : { mostBytes };
  const options = { input: `${names.join('\n')}\n`, timeoutMs: LOCAL_DEADLINE, ...most };
  const output = await runGit(repository, ['cat-file', '--batch'], options);
  return parseBatch(Buffer.from(output.buffer, output.byteOffset, output.byteLength), names.length);
}

/** One file at a commit, or undefined. @throws CouldNotRun when it is larger than any text that is read */
export async function readFileAt(repository: Repository, commit: string, path: string): Promise<Uint8Array | undefined> {
  // A path with a line break would be two questions to --batch, one with a zero would end there, and a last \r is taken off.
  if (/[\n\0]|\r$/.test(path)) return undefined;
  try {
    // One Git for it: what asks for a file asks for dozens, and to ask for its size first would start two for each.
    const [content] = await readObjects(repository, [`${commit}:${path}`], LARGEST_TEXT + HEADER);
    return content;
  } catch (cause) {
    if (!(cause instanceof SaidTooMuch)) throw cause;
    const problem = { file: path, message: 'is larger than any text that is read', remedy: 'make it smaller' };
    throw new CouldNotRun(problem, { cause });
  }
}

/** As cat-file --batch answers: `<id> <type> <size>`, the bytes, a line break; or `<name> missing`. */
function parseBatch(output: Buffer, count: number): (Uint8Array | undefined)[] {
  const found: (Uint8Array | undefined)[] = [];
  let at = 0;
  while (found.length < count) {
    const end = output.indexOf(10, at);
    if (end < 0) throw new Error(`git cat-file --batch ended after ${found.length} of ${count} objects`);
    const [, type, size] = /^[0-9a-f]+ (blob|tree|commit|tag) (\d+)$/.exec(output.toString('latin1', at, end)) ?? [];
    at = end + 1;
    if (size === undefined) {
      found.push(undefined);
      continue;
    }
    found.push(type === 'blob' ? output.subarray(at, at + Number(size)) : undefined);
    at += Number(size) + 1;
  }
  return found;
}
