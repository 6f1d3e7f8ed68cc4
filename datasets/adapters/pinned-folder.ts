import { CouldNotRun, type Digest } from '#kernel';
import type { DataCache } from '#transfer/adapters';
import type { FileKind } from '../check-files.ts';
import type { Pins } from '../pins.ts';
import type { DataTree } from './data-folder.ts';

/** A dataset's root as its pins tell it: paths are theirs, and bytes lie in a cache by their digest. It takes no look at any folder. */
export class PinnedFolder implements DataTree {
  readonly #pins: Pins;
  readonly #cache: DataCache;
  readonly #folders = new Map<string, Map<string, FileKind>>([['', new Map()]]);

  private constructor(pins: Pins, cache: DataCache) {
    this.#pins = pins;
    this.#cache = cache;
    for (const path of pins.keys()) this.#add(path, 'file');
  }

  /** @throws CouldNotRun when something that is pinned has not been fetched */
  static async open(pins: Pins, cache: DataCache, names: { pinsFile: string; place: string }): Promise<PinnedFolder> {
    const absent = await absentFrom(cache, pins);
    const [first] = absent;
    if (first === undefined) return new PinnedFolder(pins, cache);
    const { line = 1 } = pins.get(first) ?? {};
    const others = absent.length === 1 ? '' : `, and ${absent.length - 1} more of ${pins.size} files`;
    throw new CouldNotRun({
      file: names.pinsFile,
      line,
      message: `${names.place}${first} is not here yet${others}`,
      remedy: 'run: fieldproof fetch, with the --base and --head of the check',
    });
  }

  locate(path: string): string {
    return this.#cache.pathOf(this.#pinOf(path));
  }

  async kindOf(path: string): Promise<FileKind> {
    return this.#kind(path);
  }

  async kindsOf(paths: readonly string[]): Promise<ReadonlyMap<string, FileKind>> {
    return new Map(paths.map((path) => [path, this.#kind(path)]));
  }

  #kind(path: string): FileKind {
    const slash = path.lastIndexOf('/');
    return this.#folders.get(slash < 0 ? '' : path.slice(0, slash))?.get(path.slice(slash + 1)) ?? 'missing';
  }

  async list(folder: string): Promise<ReadonlyMap<string, FileKind> | undefined> {
    return this.#folders.get(folder);
  }

  #pinOf(path: string): Digest {
    const pin = this.#pins.get(path);
    if (pin === undefined) throw new Error(`${path} is located, and is not pinned`);
    return pin.digest;
  }

  #add(path: string, kind: FileKind): void {
    const slash = path.lastIndexOf('/');
    const parent = slash < 0 ? '' : path.slice(0, slash);
    if (!this.#folders.has(parent)) {
      this.#folders.set(parent, new Map());
      this.#add(parent, 'folder');
    }
    this.#folders.get(parent)?.set(path.slice(slash + 1), kind);
  }
}

async function absentFrom(cache: DataCache, pins: Pins): Promise<readonly string[]> {
  const looked = await Promise.all([...pins].map(async ([path, { digest }]) => ({ path, there: await cache.has(digest) })));
  return looked.filter(({ there }) => !there).map(({ path }) => path);
}
