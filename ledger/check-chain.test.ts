import { generateKeyPairSync } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { canonicalJson, digestOf, type Digest } from '#kernel';
import { extendChain, idOf, type LedgerFile } from './chain.ts';
import { checkChain } from './check-chain.ts';
import { linkPath, readPath, recordPath } from './layout.ts';
import { knownKeys, readSigningKey } from './signature.ts';

const note = (n: number) => ({ kind: 'note', n });
const facts = [note(1), note(2), note(3), note(4)];
const plain = { signer: null, bound: null };
const chainOf = (list: readonly ReturnType<typeof note>[]) => extendChain(list, null, new Set(), plain);
const files = chainOf(facts).files;
const none = knownKeys([]);

const { privateKey } = generateKeyPairSync('ed25519');
const { signer, publicKey } = readSigningKey(privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(), 'key.pem');
const signed = extendChain(facts, null, new Set(), { signer, bound: null }).files;

const without = (path: string) => files.filter((file) => file.path !== path);
const edited = (path: string, edit: (content: string) => string, among: readonly LedgerFile[] = files) =>
  among.map((file) => (file.path === path ? { path, content: edit(file.content) } : file));
const contentOf = (path: string) => files.find((file) => file.path === path)?.content ?? '';
const verify = (list: readonly LedgerFile[], keys = none, head?: Digest) => checkChain(list, keys, head && { head }).verification;

/** Files whose links are made anew from number 3 on: what someone would write who wants another history. */
function forked(): LedgerFile[] {
  const other = chainOf([note(1), note(9), note(3)]).files;
  return [...without(linkPath(3)), { path: linkPath(3), content: other.find(({ path }) => path === linkPath(3))?.content ?? '' }];
}

const otherSignature = (text: string) =>
  text.replace(/"value":"(.)/, (_, first: string) => `"value":"${first === 'A' ? 'B' : 'A'}`);

describe('a chain that is whole', () => {
  it('is intact, in whatever order its files are listed', () => {
    const head = digestOf(contentOf(linkPath(4)));
    expect(verify(files.toReversed())).toEqual({ state: 'intact', entries: 4, head, signed: 'none' });
    expect(checkChain(files, none).entries.map(({ record }) => record.fact)).toEqual(facts);
  });

  it('is extended from its head, and leaves out what is present or comes twice', () => {
    const begun = chainOf(facts.slice(0, 2));
    const rest = extendChain([note(1), note(3), note(3), note(4)], begun.head, new Set([idOf(note(1))]), plain);
    expect([...begun.files, ...rest.files]).toEqual(files);
  });

  it('keeps the names of its records when its links are made anew', () => {
    const elsewhere = extendChain([note(3)], { seq: 7, digest: digestOf('x') }, new Set(), plain).files;
    expect(elsewhere.map(({ path }) => path)).toEqual([recordPath(idOf(note(3))), linkPath(8)]);
  });

  it('says how much of it is signed, and when nothing could be checked', () => {
    expect(verify(signed, knownKeys([publicKey]))).toMatchObject({ state: 'intact', signed: 'all' });
    expect(verify(signed)).toMatchObject({ state: 'intact', signed: 'unchecked' });
  });
});

describe('the first break', () => {
  it.each<[string, readonly LedgerFile[], number, RegExp]>([
    ['an edited record', edited(recordPath(idOf(note(2))), (text) => text.replace('2', '7')), 2, /record sha256:\w+ was edited/],
    ['a missing record', without(recordPath(idOf(note(2)))), 2, /record sha256:\w+ is missing/],
    ['a missing first link', without(linkPath(1)), 1, /the link is missing, though there are links after it/],
    ['a missing link', without(linkPath(3)), 3, /the link is missing/],
    [
      'an edited link',
      edited(linkPath(2), (text) => text.replace(/"record":"sha256:./, '"record":"sha256:0')),
      2,
      /record sha256:0\w+ is missing/,
    ],
    ['a link with other spacing', edited(linkPath(2), (text) => ` ${text}`), 2, /the link was edited/],
    ['a link that is not JSON', edited(linkPath(2), () => 'null'), 2, /the link was edited/],
    [
      'links in another order',
      edited(linkPath(2), () => contentOf(linkPath(3))),
      2,
      /re-ordered: the one at 2 says that it is number 3/,
    ],
    ['a fork', forked(), 3, /does not follow the one before it.*forked/],
    ['a tail cut off with its records left', without(linkPath(4)), 4, /record sha256:\w+ is in no link/],
    ['a stranger', [...files, { path: 'README.md', content: 'hello' }], 5, /README\.md is not of this ledger/],
    [
      'a record in another folder',
      [...files, { path: `records/zz/${'0'.repeat(64)}.json`, content: '{}' }],
      5,
      /is not of this ledger/,
    ],
  ])('is named: %s', (_, list, at, reason) => {
    expect(verify(list)).toEqual({ state: 'broken', at, reason: expect.stringMatching(reason) });
  });

  it('is a record that comes twice', () => {
    const again = { seq: 5, previous: digestOf(contentOf(linkPath(4))), record: idOf(note(1)) };
    const list = [...files, { path: linkPath(5), content: canonicalJson(again) }];
    expect(verify(list)).toMatchObject({ state: 'broken', at: 5, reason: expect.stringContaining('a second time') });
  });

  it('is a tail that was cut off, when a later head is known', () => {
    const shorter = chainOf(facts.slice(0, 3));
    const head = digestOf(contentOf(linkPath(4)));
    expect(verify(shorter.files)).toMatchObject({ state: 'intact', entries: 3 });
    expect(verify(shorter.files, none, head)).toMatchObject({
      state: 'broken',
      at: 4,
      reason: expect.stringMatching(/tail was cut off/),
    });
    expect(verify(files, none, shorter.head?.digest)).toMatchObject({ state: 'intact' });
  });

  it('is a signature that does not fit', () => {
    const other = generateKeyPairSync('ed25519').publicKey;
    expect(verify(edited(linkPath(1), otherSignature, signed), knownKeys([publicKey]))).toMatchObject({
      at: 1,
      reason: expect.stringContaining('does not fit'),
    });
    expect(verify(signed, knownKeys([other]))).toMatchObject({ at: 1, reason: expect.stringContaining('unknown key') });
  });

  it('is found wherever a single letter of any file is changed', () => {
    const keys = knownKeys([publicKey]);
    const changed = (file: LedgerFile, at: number) => {
      const letter = file.content[at] === 'x' ? 'y' : 'x';
      return edited(file.path, (text) => text.slice(0, at) + letter + text.slice(at + 1), signed);
    };
    const places = signed.flatMap((file) => Array.from({ length: file.content.length }, (_, at) => ({ file, at })));
    expect(places.length).toBeGreaterThan(1000);
    expect(places.filter(({ file, at }) => verify(changed(file, at), keys).state !== 'broken')).toEqual([]);
  });
});

describe('the layout', () => {
  it('keeps folders small, and reads back every path it writes', () => {
    expect(linkPath(1_234_567)).toBe('chain/001/234/567.json');
    expect(readPath(linkPath(1_234_567))).toEqual({ kind: 'link', seq: 1_234_567 });
    const id = digestOf('x');
    expect(readPath(recordPath(id))).toEqual({ kind: 'record', id });
    expect(readPath('chain/1.json')).toBeUndefined();
  });
});
