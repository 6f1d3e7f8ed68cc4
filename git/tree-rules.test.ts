import { describe, expect, it } from 'vitest';
import { checkTree, type ListedFile } from './tree-rules.ts';

const LIMITS = { files: 5, links: 1, bytes: 100 };
const listed = (path: string, more: Partial<ListedFile> = {}): ListedFile => ({
  path,
  inside: path,
  kind: 'file',
  size: 1,
  ...more,
});
const deep = 'd/'.repeat(4);

describe('what a commit holds', () => {
  it('may be put on disk where it is small, and each thing is there once', () => {
    const files = ['a', 'b/c', 'b/d', 'b.d'].map((path) => listed(path));
    expect(() => checkTree('m', [...files, listed('b/l', { kind: 'link' })], LIMITS)).not.toThrow();
  });

  it.each<[string, readonly ListedFile[], string]>([
    ['a name twice', [listed('a'), listed('a')], 'a: is in the commit twice'],
    ['a file that is a folder too', [listed('a/b/c'), listed('a/b')], 'a/b: is in the commit twice'],
    ['a link that is a folder too', [listed('a', { kind: 'link' }), listed('a/b')], 'a: is in the commit twice'],
    ['a name that climbs', [listed('a/../b')], 'could leave its folder'],
    ['a name that Git keeps for itself', [listed('.GIT/config')], 'could leave its folder'],
    ['a name longer than a file system takes', [listed('é'.repeat(128))], 'longer than a file system takes'],
    ['a deep path', [listed(`${'ab/'.repeat(1100)}c`)], 'longer than a file system takes'],
    ['a submodule', [listed('a', { kind: 'submodule' })], 'a submodule'],
    ['many files', Array.from({ length: 6 }, (_, index) => listed(`${index}`)), 'm: holds more than 5 files'],
    ['few files in many folders', [listed(`a/${deep}f`), listed(`b/${deep}f`)], 'm: holds more than 5 folders'],
    ['many links', ['a', 'b'].map((path) => listed(path, { kind: 'link' })), 'm: holds more than 1 symbolic links'],
    ['many bytes', [listed('a', { size: 101 })], 'comes to more than'],
    ['a link without end', [listed('a', { kind: 'link', size: 5000 })], 'comes to more than'],
  ])('is refused with %s', (_, files, words) => {
    expect(() => checkTree('m', files, LIMITS)).toThrow(words);
  });
});
