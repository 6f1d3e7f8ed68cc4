import { readdir, realpath, stat } from 'node:fs/promises';
import { join, sep } from 'node:path';
import type { FileKind } from '../check-files.ts';
import { pathFault } from '../safe-path.ts';

type Children = ReadonlyMap<string, FileKind>;

/** What lies below a dataset's root, wherever that is. */
export interface DataTree {
  /** Where the bytes of a file are on this machine, once `kindOf` has seen it. */
  locate(path: string): string;
  kindOf(path: string): Promise<FileKind>;
  /** As `kindOf` of each: without waiting for each, where its folder has been listed. */
  kindsOf(paths: readonly string[]): Promise<ReadonlyMap<string, FileKind>>;
  /** What a folder below the root holds (the empty path is the root); undefined when it is no folder. */
  list(folder: string): Promise<Children | undefined>;
}

/**
 * A dataset's root as it is on disk. Folders are listed once and whole: a thousand files cost one call, names are compared
 * exactly even where the file system would not, and no symbolic link is followed out of the root.
 */
export class DataFolder implements DataTree {
  readonly path: string;
  readonly #listed = new Map<string, Promise<Children | undefined>>();

  private constructor(path: string) {
    this.path = path;
  }

  /** Undefined when there is no such folder. */
  static async open(path: string): Promise<DataFolder | undefined> {
    const real = await realpath(path).catch(() => undefined);
    if (real === undefined || !(await stat(real)).isDirectory()) return undefined;
    return new DataFolder(real);
  }

  locate(path: string): string {
    return join(this.path, path);
  }

  async kindOf(path: string): Promise<FileKind> {
    if (pathFault(path) !== undefined) return 'outside';
    const parent = parentOf(path);
    const children = await this.list(parent);
    if (children === undefined) return (await this.kindOf(parent)) === 'outside' ? 'outside' : 'missing';
    return children.get(path.slice(path.lastIndexOf('/') + 1)) ?? 'missing';
  }

  async kindsOf(paths: readonly string[]): Promise<ReadonlyMap<string, FileKind>> {
    const safe = new Set(paths.filter((path) => pathFault(path) === undefined));
    const parents = new Set([...safe].map(parentOf));
    const listed = new Map(await Promise.all([...parents].map(async (parent) => [parent, await this.list(parent)] as const)));
    const kinds = new Map<string, FileKind>();
    for (const path of paths) {
      const children = safe.has(path) ? listed.get(parentOf(path)) : undefined;
      kinds.set(path, children?.get(path.slice(path.lastIndexOf('/') + 1)) ?? (await this.kindOf(path)));
    }
    return kinds;
  }

  list(folder: string): Promise<Children | undefined> {
    const listed = this.#listed.get(folder) ?? this.#read(folder);
    this.#listed.set(folder, listed);
    return listed;
  }

  async #read(folder: string): Promise<Children | undefined> {
    if (folder !== '' && (await this.kindOf(folder)) !== 'folder') return undefined;
    const entries = await readdir(this.locate(folder), { withFileTypes: true });
    const kinds = new Map<string, FileKind>();
    for (const entry of entries) {
      if (entry.isFile()) kinds.set(entry.name, 'file');
      else if (entry.isDirectory()) kinds.set(entry.name, 'folder');
      else kinds.set(entry.name, entry.isSymbolicLink() ? await this.#follow(join(this.path, folder, entry.name)) : 'other');
    }
    return kinds;
  }

  async #follow(link: string): Promise<FileKind> {
    const target = await realpath(link).catch(() => undefined);
    if (target === undefined) return 'missing';
    if (!target.startsWith(this.path.endsWith(sep) ? this.path : this.path + sep)) return 'outside';
    const found = await stat(target);
    return found.isFile() ? 'file' : found.isDirectory() ? 'folder' : 'other';
  }
}

/** The folder of a path; empty for the root. */
function parentOf(path: string): string {
  return path.slice(0, Math.max(0, path.lastIndexOf('/')));
}
