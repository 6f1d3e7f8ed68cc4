import { posix } from 'node:path';
import { problemAt, type Problem } from '#kernel';
import type { OpenManifest } from './manifest-texts.ts';

/** A path below another; either may be empty, for the root. `.` is the root too. */
export function joined(folder: string, name: string): string {
  return [folder === '.' ? '' : folder, name === '.' ? '' : name].filter((part) => part !== '').join('/');
}

/** Tools write `./a.jpg`. What climbs stays as it is, and is refused with the other paths. */
export function plain(path: string): string {
  return path.startsWith('./') ? posix.normalize(path) : path;
}

export function noFolder(open: OpenManifest, folder: string, field: readonly PropertyKey[]): Problem {
  const message = `there is no folder ${open.display(folder)}`;
  return problemAt(open.manifest.source, field, message, 'name one below the root');
}
