import type { Place, Problem } from '#kernel';
import { EMPTY_FILE, type Pins } from './pins.ts';
import { foldCase, pathFault } from './safe-path.ts';

/** What stands at a path below the root. `outside`: a symbolic link that leads out of the root. */
export type FileKind = 'file' | 'folder' | 'outside' | 'other' | 'missing';

/** A file that the dataset needs, and where it says so. */
export type UsedFile = { path: string; at: Place };

const REMEDIES: Record<Exclude<FileKind, 'file'>, string> = {
  missing: 'restore the file, or remove it from the list',
  outside: 'put the file itself below the root',
  folder: 'name a file',
  other: 'name a plain file',
};
const FINDINGS: Record<Exclude<FileKind, 'file'>, string> = {
  missing: 'is not there',
  outside: 'is a symbolic link that leads out of the root',
  folder: 'is a folder',
  other: 'is not a plain file',
};

/** Paths must be safe and distinct, on any file system. */
export function checkPaths(used: readonly UsedFile[]): readonly Problem[] {
  const seen = new Map<string, string>();
  return used.flatMap(({ path, at }) => {
    const fault = pathFault(path);
    if (fault !== undefined) {
      return [{ ...at, message: `path ${JSON.stringify(path)} ${fault}`, remedy: 'use the plain path below the root' }];
    }
    const other = seen.get(foldCase(path));
    seen.set(foldCase(path), path);
    if (other === undefined) return [];
    const message = other === path ? `${path} is listed twice` : `${path} and ${other} differ in case alone`;
    return [{ ...at, message, remedy: 'keep one of them' }];
  });
}

/** Every file that may be followed must be there. `root` is how messages name the root. */
export function checkPresence(used: readonly UsedFile[], kinds: ReadonlyMap<string, FileKind>, root: string): readonly Problem[] {
  return used.flatMap(({ path, at }) => {
    const kind = kinds.get(path) ?? 'missing';
    if (kind === 'file' || pathFault(path) !== undefined) return [];
    return [{ ...at, message: `${path} ${FINDINGS[kind]} (below ${root})`, remedy: REMEDIES[kind] }];
  });
}

/** Every file that is there must be pinned, and nothing that is gone. */
export function checkPins(
  used: readonly UsedFile[],
  pins: Pins,
  kinds: ReadonlyMap<string, FileKind>,
  names: { pins: string; manifest: string },
): readonly Problem[] {
  const remedy = `review the data, then run: fieldproof pin ${names.manifest}`;
  const needed = new Set(used.map(({ path }) => path));
  const unpinned = used.flatMap(({ path, at }) => {
    if (kinds.get(path) !== 'file') return [];
    const pin = pins.get(path);
    if (pin === undefined) return [{ ...at, message: `${path} has no pin in ${names.pins}`, remedy }];
    if (pin.digest === EMPTY_FILE) return [{ ...at, message: `${path} is pinned as an empty file`, remedy: 'restore the file' }];
    return [];
  });
  const gone = [...pins].flatMap(([path, pin]) => {
    if (needed.has(path) || kinds.get(path) === 'file') return [];
    return [
      { file: names.pins, line: pin.line, message: `${path} is pinned, but is not there`, remedy: `restore it; or ${remedy}` },
    ];
  });
  return [...unpinned, ...gone];
}
