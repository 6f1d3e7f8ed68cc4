import { execFileSync } from 'node:child_process';
import { existsSync, lstatSync, mkdirSync, readdirSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { CouldNotRun } from '#kernel';
import { folderOfInputs, forAllFiles, forAllTogether } from '../../testing/fuzz.ts';
import { checkLinks, checkTree, type ListedFile } from '../tree-rules.ts';
import { extractFolder } from './extract.ts';
import { Objects, spoiltTrees, trees, type Tree } from './hostile-trees.fixture.ts';
import { listFiles, readObjects, sizesOf } from './objects.ts';
import { openRepository, type Repository } from './repository.ts';

let folder: string;
let repository: Repository;
let objects: Objects;
beforeAll(async () => {
  folder = folderOfInputs('extract');
  execFileSync('git', ['init', '--quiet', '--bare', path.join(folder, 'git')]);
  repository = await openRepository(path.join(folder, 'git'), { environment: process.env });
  objects = new Objects(path.join(folder, 'git', 'objects'));
  writeFileSync(path.join(folder, 'canary'), 'canary');
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const LIMITS = { files: 12, links: 4, bytes: 500 };
type Listed = { files: readonly ListedFile[]; targets: ReadonlyMap<string, string> };

/** What Git says of many trees, asked at once: each is a folder of one that holds them all. */
async function askGit(several: readonly Tree[]): Promise<readonly Listed[]> {
  const labelled = several.map((tree, index) => ({ label: `t${index}`, mode: '40000', id: objects.store(tree) }));
  const entries = await listFiles(repository, objects.storeFolder(labelled));
  const ids = entries.map(({ id }) => id);
  const [sizes, contents] = [await sizesOf(repository, ids), await readObjects(repository, ids)];
  const listed = several.map(() => ({ files: [] as ListedFile[], targets: new Map<string, string>() }));
  for (const [index, entry] of entries.entries()) {
    const slash = entry.path.indexOf('/');
    const one = listed[Number(entry.path.slice(1, slash))];
    const inside = entry.path.slice(slash + 1);
    one?.files.push({ ...entry, path: inside, inside, size: sizes[index] ?? 0 });
    if (entry.kind === 'link') one?.targets.set(inside, Buffer.from(contents[index] ?? []).toString());
  }
  return listed;
}

function isTaken({ files, targets }: Listed): boolean {
  try {
    checkTree('a', files, LIMITS);
    checkLinks(files, targets);
    return true;
  } catch (thrown) {
    if (!(thrown instanceof CouldNotRun)) throw thrown;
    return false;
  }
}

/** Puts all that was taken on a real file system, and says what of it ends outside. */
function endsOutside({ files, targets }: Listed, out: string): readonly string[] {
  mkdirSync(out);
  for (const { inside } of files) mkdirSync(path.dirname(path.join(out, inside)), { recursive: true });
  for (const { inside, kind } of files) if (kind !== 'link') writeFileSync(path.join(out, inside), '', { flag: 'wx' });
  for (const [inside, target] of targets) symlinkSync(target, path.join(out, inside));
  return files.map(({ inside }) => endOf(path.join(out, inside))).filter((end) => !isBelow(end, out));
}

function isBelow(end: string | undefined, out: string): end is undefined {
  return end === undefined || end === out || end.startsWith(`${out}/`);
}

/** Where the operating system itself ends up; undefined where that is nowhere. */
function endOf(one: string): string | undefined {
  try {
    return realpathSync.native(one);
  } catch {
    return undefined;
  }
}

const TREES_AT_ONCE = 500;

describe('a tree made by hand', () => {
  it('is taken where all of it can be on a disk and ends below its folder, or refused in words', async () => {
    const count = { taken: 0, refused: 0 };
    await forAllTogether(trees, TREES_AT_ONCE, async (several) => {
      const work = path.join(folder, 'work');
      mkdirSync(work);
      for (const [index, listed] of (await askGit(several)).entries()) {
        const taken = isTaken(listed);
        count[taken ? 'taken' : 'refused'] += 1;
        if (!taken) continue;
        const out = path.join(work, `${index}`);
        expect({ tree: several[index], outside: endsOutside(listed, out) }).toEqual({ tree: several[index], outside: [] });
        rmSync(out, { recursive: true });
      }
      expect(readdirSync(work)).toEqual([]);
      rmSync(work, { recursive: true });
      objects.clear();
      expect(readdirSync(folder).toSorted()).toEqual(['canary', 'git']);
    });
    expect(Math.min(count.taken, count.refused)).toBeGreaterThan(0);
  });

  it('is written below its folder, with links that end there, or not at all', async () =>
    await forAllFiles(
      spoiltTrees,
      async (tree) => {
        const out = path.join(folder, 'work', 'out');
        const id = 'entries' in tree ? objects.storeFolder(tree.entries) : objects.store(tree);
        const refused = await extractFolder(repository, id, '', out, { limits: LIMITS }).then(
          () => false,
          (thrown: unknown) => thrown instanceof CouldNotRun,
        );
        expect(existsSync(out)).toBe(!refused);
        // Unlike this one, readdirSync follows links, round and round.
        const written = refused ? [] : await readdir(out, { withFileTypes: true, recursive: true });
        const links = written.map((one) => path.join(one.parentPath, one.name)).filter((one) => lstatSync(one).isSymbolicLink());
        expect(links.map((link) => endOf(link)).filter((end) => !isBelow(end, out))).toEqual([]);
        expect(readdirSync(folder).filter((one) => !['git', 'canary', 'work'].includes(one))).toEqual([]);
        rmSync(path.join(folder, 'work'), { recursive: true, force: true });
      },
      1000,
    ));
});
