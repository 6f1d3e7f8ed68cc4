import { describe, expect, it } from 'vitest';
import { linkFault } from './links.ts';

const faultOf = (links: Readonly<Record<string, string>>, path: string) =>
  linkFault({ path, target: links[path] ?? '' }, new Map(Object.entries(links)));

describe('a link of a commit', () => {
  it.each([
    ['to a file beside it', { 'a/b': 'c' }, 'a/b'],
    ['to nothing', { 'a/b': '../nothing' }, 'a/b'],
    ['up and down again', { 'a/b': '../c/../a/d' }, 'a/b'],
    ['through another that stays', { up: 'a/b', 'a/x': '../up/../c' }, 'a/x'],
  ])('may lead %s', (_, links, path) => {
    expect(faultOf(links, path)).toBeUndefined();
  });

  it.each([
    ['out', { 'a/b': '../../c' }, 'a/b', /outside/],
    ['to an absolute place', { a: '/etc/passwd' }, 'a', /outside/],
    [
      'out through one that stays, though it reads as if it stayed',
      { 'a/b/c/up': '../../..', out: 'a/b/c/up/../x' },
      'out',
      /outside/,
    ],
    ['out through a folder of another link', { 'a/top': '..', deep: 'a/top/../../dev/zero' }, 'deep', /outside/],
    ['to itself', { a: 'a' }, 'a', /too many/],
    ['in a circle', { a: 'b/x', b: 'a/y' }, 'a', /too many/],
    [
      'through names that double',
      Object.fromEntries(
        'abcdefghijklmnopqrst'
          .split('')
          .map((name, index, all) => [name, `${all[index + 1] ?? 'z'}/../${all[index + 1] ?? 'z'}`]),
      ),
      'a',
      /too many|outside/,
    ],
    ['nowhere', { a: '' }, 'a', /outside/],
  ])('may not lead %s', (_, links, path, fault) => {
    expect(faultOf(links as Record<string, string>, path)).toMatch(fault);
  });
});
