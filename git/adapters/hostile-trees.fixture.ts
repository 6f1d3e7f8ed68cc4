import { createHash } from 'node:crypto';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { deflateSync } from 'node:zlib';
import * as fc from 'fast-check';

/** A tree as a stranger may make it by hand. */
export type Tree = { kind: 'folder'; children: readonly (readonly [string, Tree | Leaf])[] };
type Leaf = { kind: 'file' | 'executable' | 'link' | 'submodule'; text: string };

const MODES = { folder: '40000', file: '100644', executable: '100755', link: '120000', submodule: '160000' };

const POINTER = 'version https://git-lfs.github.com/spec/v1\noid sha256:../../../canary\n';
const NAMES = ['a', 'b', 'c', 'd', 'l', 'a b', 'é', 'canary', 'a/b', '../up', '/up', '..', '.', '.git', '.GIT', 'x'.repeat(256)];
const name = fc.oneof({ weight: 9, arbitrary: fc.constantFrom('a', 'b', 'c', 'd', 'l', 'é') }, fc.constantFrom(...NAMES));
const target = fc
  .array(fc.constantFrom('..', 'a', 'b', 'l', '.', 'canary', ''), { minLength: 1, maxLength: 5 })
  .map((parts) => parts.join('/'));
const leaf: fc.Arbitrary<Leaf> = fc.oneof(
  { weight: 6, arbitrary: fc.record({ kind: fc.constantFrom('file', 'executable'), text: fc.constantFrom('x', '', 'xx') }) },
  { weight: 6, arbitrary: fc.record({ kind: fc.constant('link'), text: target }) },
  { weight: 1, arbitrary: fc.constant({ kind: 'file', text: POINTER }) },
  { weight: 1, arbitrary: fc.constant({ kind: 'submodule', text: 'x' }) },
);
const { node } = fc.letrec<{ node: Tree | Leaf }>((tie) => ({
  node: fc.oneof({ maxDepth: 3, withCrossShrink: true }, leaf, leaf, folderOf(tie('node'))),
}));
function folderOf(child: fc.Arbitrary<Tree | Leaf>): fc.Arbitrary<Tree> {
  const entry = fc.tuple(name, child);
  // Git itself never makes one that names a thing twice.
  const children = fc.oneof(
    { weight: 4, arbitrary: fc.uniqueArray(entry, { selector: ([one]) => one, minLength: 1, maxLength: 4 }) },
    { weight: 1, arbitrary: fc.array(entry, { minLength: 1, maxLength: 4 }) },
  );
  return fc.record({ kind: fc.constant('folder'), children });
}
export const trees: fc.Arbitrary<Tree> = folderOf(node);

/** Entries whose mode is not that of what they name, that name nothing, or have no name. */
type Entries = { entries: readonly { label: string; mode: string; id: string }[] };
const KNOWN = 'e69de29bb2d1d6434b8b29ae775ad8c2e48c5391';
const spoiltEntries = fc.array(
  fc.record({
    label: fc.constantFrom('a', 'b', 'a', '', '..', 'a\nb', 'c'),
    mode: fc.constantFrom(...Object.values(MODES), '100664', '0', '777', '1234567', 'x'),
    id: fc.constantFrom(KNOWN, KNOWN, KNOWN, '0'.repeat(40), 'f'.repeat(40)),
  }),
  { minLength: 1, maxLength: 3 },
);
export const spoiltTrees: fc.Arbitrary<Tree | Entries> = fc.oneof(
  { weight: 2, arbitrary: trees },
  { weight: 1, arbitrary: fc.record({ entries: spoiltEntries }) },
);

/** Loose objects as Git writes them, whatever is in them: `git mktree` would refuse some, and starting it for each would take hours. */
export class Objects {
  readonly #folder: string;
  readonly #written = new Set<string>();

  /** @param folder a repository's folder of objects */
  constructor(folder: string) {
    this.#folder = folder;
  }

  /** @returns its id */
  store(tree: Tree | Leaf): string {
    if (tree.kind !== 'folder') return this.write('blob', Buffer.from(tree.text));
    return this.storeFolder(tree.children.map(([label, child]) => ({ label, mode: MODES[child.kind], id: this.store(child) })));
  }

  storeFolder(entries: readonly { label: string; mode: string; id: string }[]): string {
    const bytes = entries.map(({ mode, label, id }) =>
      Buffer.concat([Buffer.from(`${mode} ${label}\0`), Buffer.from(id, 'hex')]),
    );
    return this.write('tree', Buffer.concat(bytes));
  }

  write(type: 'blob' | 'tree', input: Buffer): string {
    const object = Buffer.concat([Buffer.from(`${type} ${input.length}\0`), input]);
    const id = createHash('sha1').update(object).digest('hex');
    if (this.#written.has(id)) return id;
    const folder = path.join(this.#folder, id.slice(0, 2));
    mkdirSync(folder, { recursive: true });
    writeFileSync(path.join(folder, id.slice(2)), deflateSync(object, { level: 0 }));
    this.#written.add(id);
    return id;
  }

  clear(): void {
    rmSync(this.#folder, { recursive: true });
    mkdirSync(this.#folder);
    this.#written.clear();
  }
}
