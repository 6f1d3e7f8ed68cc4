import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, lstatSync, mkdirSync, mkdtempSync, readdirSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { deflateSync } from 'node:zlib';
import * as fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { CouldNotRun } from '#kernel';
import { forAllFiles } from '../../testing/fuzz.ts';
import { extractFolder } from './extract.ts';
import { openRepository, type Repository } from './repository.ts';

let folder: string;
let repository: Repository;
beforeAll(async () => {
  folder = realpathSync(mkdtempSync(path.join(tmpdir(), 'fieldproof-extract-')));
  execFileSync('git', ['init', '--quiet', '--bare', path.join(folder, 'git')]);
  repository = await openRepository(path.join(folder, 'git'), { environment: process.env });
  writeFileSync(path.join(folder, 'canary'), 'canary');
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const name = fc.constantFrom('a', 'b', 'l', '..', '.git', '.GIT', 'a b', 'canary', 'é', '.');
const target = fc
  .array(fc.constantFrom('..', 'a', 'b', 'l', '.', 'canary', ''), { minLength: 1, maxLength: 5 })
  .map((parts) => parts.join('/'));
const file = fc.record({
  kind: fc.constant('file' as const),
  text: fc.constantFrom('x', '', 'version https://git-lfs.github.com/spec/v1\noid sha256:../../../canary\n'),
});
const link = fc.record({ kind: fc.constant('link' as const), text: target });
type Node = { kind: 'file' | 'link'; text: string } | { kind: 'folder'; children: readonly (readonly [string, Node])[] };
const { node } = fc.letrec<{ node: Node }>((tie) => ({
  node: fc.oneof({ maxDepth: 3, withCrossShrink: true }, file, link, folderOf(tie('node'))),
}));
function folderOf(child: fc.Arbitrary<Node>): fc.Arbitrary<Node> {
  const children = fc.uniqueArray(fc.tuple(name, child), { selector: ([one]) => one, minLength: 1, maxLength: 4 });
  return fc.record({ kind: fc.constant('folder' as const), children });
}

/** Objects as Git stores them, whatever their names: by hand, for `git mktree` would refuse some. */
function store(tree: Node): string {
  if (tree.kind !== 'folder') return hashed('blob', Buffer.from(tree.text));
  const entries = tree.children.map(([label, child]) => {
    const mode = child.kind === 'folder' ? '40000' : child.kind === 'link' ? '120000' : '100644';
    return Buffer.concat([Buffer.from(`${mode} ${label}\0`), Buffer.from(store(child), 'hex')]);
  });
  return hashed('tree', Buffer.concat(entries));
}

/** A loose object as Git itself writes it: starting it for each would take most of the time. */
function hashed(type: string, input: Buffer): string {
  const object = Buffer.concat([Buffer.from(`${type} ${input.length}\0`), input]);
  const id = createHash('sha1').update(object).digest('hex');
  const place = path.join(repository.folder, 'objects', id.slice(0, 2));
  mkdirSync(place, { recursive: true });
  if (!existsSync(path.join(place, id.slice(2)))) writeFileSync(path.join(place, id.slice(2)), deflateSync(object));
  return id;
}

function pathsBelow(start: string): string[] {
  return readdirSync(start, { withFileTypes: true, recursive: true }).map((entry) => path.join(entry.parentPath, entry.name));
}

describe('a tree made by hand', () => {
  it('is written below its folder, with links that end there, or not at all', async () =>
    await forAllFiles(
      folderOf(node),
      async (tree) => {
        const out = path.join(folder, 'work', 'out');
        const refused = await extractFolder(repository, store(tree), '', out).then(
          () => false,
          (thrown: unknown) => thrown instanceof CouldNotRun,
        );
        expect(existsSync(out)).toBe(!refused);
        const written = refused ? [] : pathsBelow(out);
        const ends = written.filter((one) => lstatSync(one).isSymbolicLink()).map((one) => endOf(one));
        for (const end of ends) expect(end === undefined || end === out || end.startsWith(`${out}/`)).toBe(true);
        expect(readdirSync(folder).filter((one) => !['git', 'canary', 'work'].includes(one))).toEqual([]);
        rmSync(path.join(folder, 'work'), { recursive: true, force: true });
      },
      1000,
    ));
});

function endOf(one: string): string | undefined {
  try {
    return realpathSync.native(one);
  } catch {
    return undefined;
  }
}
