import { lstatSync, mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import * as fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { forAll } from '../../testing/fuzz.ts';
import { linkFault } from '../links.ts';

let root: string;
let top: string;
const FOLDERS = ['a', 'a/b', 'a/b/c', 'd'];

beforeAll(() => {
  top = realpathSync(mkdtempSync(path.join(tmpdir(), 'fieldproof-links-')));
  root = path.join(top, 'x/y/root');
  for (const folder of FOLDERS) mkdirSync(path.join(root, folder), { recursive: true });
  for (const file of ['a/file', 'a/b/c/file']) writeFileSync(path.join(root, file), '');
  // What a link that climbs would find, at whatever height.
  for (const outside of ['', 'x', 'x/y']) writeFileSync(path.join(top, outside, 'file'), 'canary');
});
afterAll(() => rmSync(top, { recursive: true, force: true }));

const name = fc.constantFrom('..', '..', '..', 'a', 'b', 'c', 'd', 'file', 'l', 'm', 'n', '.', '', 'x', 'y', 'root');
const target = fc
  .tuple(fc.constantFrom('', '', '', '', '/'), fc.array(name, { minLength: 1, maxLength: 7 }))
  .map(([start, parts]) => start + parts.join('/'));
const places = FOLDERS.flatMap((folder) => ['l', 'm', 'n'].map((link) => `${folder}/${link}`));
const links = fc.uniqueArray(fc.tuple(fc.constantFrom('l', 'm', 'n', ...places), target), {
  selector: ([place]) => place,
  minLength: 1,
  maxLength: 5,
});

/** Where the operating system itself ends up; undefined where that is nowhere. */
function really(link: string): string | undefined {
  try {
    return realpathSync.native(path.join(root, link));
  } catch {
    return undefined;
  }
}

describe('links through links', () => {
  it('that are taken lead nowhere outside, on a real file system', () =>
    forAll(links, (written) => {
      const known = new Map(written);
      const taken = written.every(([place, to]) => linkFault({ path: place, target: to }, known) === undefined);
      // What is refused is never made.
      if (!taken) return;
      // All are made, as they would be: the rule is about all of them together.
      const made = written.filter(([, to]) => to !== '');
      for (const [place, to] of made) symlinkSync(to, path.join(root, place));
      try {
        const outside = made
          .map(([place]) => really(place))
          .filter((end) => end !== undefined && end !== root && !end.startsWith(`${root}/`));
        expect(outside).toEqual([]);
      } finally {
        for (const [place] of made) if (lstatSync(path.join(root, place)).isSymbolicLink()) rmSync(path.join(root, place));
      }
    }));
});
