import type { FileKind } from '../check-files.ts';
import { pictureFile, type FolderListing } from '../folder-samples.ts';
import { isJunk } from '../junk.ts';
import type { DataTree } from './data-folder.ts';
import { joined } from './data-paths.ts';

/** As deep as pictures are looked for. */
const DEEPEST = 16;

/** What each folder of a folder holds; what operating systems leave there is passed over. */
export async function listSubfolders(folder: DataTree, below: string): Promise<readonly FolderListing[]> {
  const wanted = [...((await folder.list(below)) ?? [])].filter(([name, kind]) => kind === 'folder' && !isJunk(name));
  const listings = wanted.map(async ([name]) => {
    const children = [...((await folder.list(joined(below, name))) ?? [])].filter(([child]) => !isJunk(child));
    const of = (isWanted: (kind: FileKind) => boolean) => children.filter(([, kind]) => isWanted(kind)).map(([child]) => child);
    return { folder: name, folders: of((kind) => kind === 'folder'), files: of((kind) => kind !== 'folder') };
  });
  return Promise.all(listings);
}

const naturally = new Intl.Collator('en', { numeric: true });

/** The names of the pictures of a folder in natural order (2 before 10); undefined when there is no such folder. */
export function listPictures(folder: DataTree, below: string): Promise<readonly string[] | undefined> {
  return listNamed(folder, below, (name) => pictureFile.test(name));
}

/** The names of a folder's files of some kind, as `listPictures` gives them. */
export async function listNamed(
  folder: DataTree,
  below: string,
  isWanted: (name: string) => boolean,
): Promise<readonly string[] | undefined> {
  const children = await folder.list(below);
  if (children === undefined) return undefined;
  const names = [...children.keys()].filter((name) => isWanted(name) && !isJunk(name));
  return names.toSorted((a, b) => naturally.compare(a, b) || (a < b ? -1 : 1));
}

/** The paths of all pictures in a folder and in those inside it; undefined when there is no such folder. */
export async function findPictures(folder: DataTree, below: string, deep = 0): Promise<readonly string[] | undefined> {
  const children = await folder.list(below);
  const names = await listPictures(folder, below);
  if (children === undefined || names === undefined) return undefined;
  const folders = [...children].filter(([name, kind]) => kind === 'folder' && !isJunk(name) && deep < DEEPEST);
  const inside = await Promise.all(folders.map(([name]) => findPictures(folder, joined(below, name), deep + 1)));
  return [...names.map((name) => joined(below, name)), ...inside.flatMap((paths) => paths ?? [])];
}
