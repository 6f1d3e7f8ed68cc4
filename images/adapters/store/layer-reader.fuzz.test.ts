import { execFileSync } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import path from 'node:path';
import * as fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { CouldNotRun, reasonOf } from '#kernel';
import { folderOfInputs, forAllFiles } from '../../../testing/fuzz.ts';
import { takenEntries, unpackLayers } from './layer-reader.ts';

let folder: string;
let whole: Buffer;
beforeAll(() => {
  folder = folderOfInputs('layers');
  mkdirSync(path.join(folder, 'in/a'), { recursive: true });
  for (const name of ['a/b', 'c']) writeFileSync(path.join(folder, 'in', name), name.repeat(100));
  execFileSync('tar', ['--format=pax', '-cf', path.join(folder, 'whole.tar'), 'a', 'c'], { cwd: path.join(folder, 'in') });
  whole = readFileSync(path.join(folder, 'whole.tar'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** In a header of 512 bytes: the name, mode, size, type and link name are what a liar would change; the sum is then made right. */
const FIELDS = [0, 1, 2, 100, 124, 125, 135, 156, 157, 257, 263, 345];
const lie = fc.record({
  block: fc.nat(20),
  field: fc.constantFrom(...FIELDS),
  put: fc.constantFrom('..', '../', '/', '\0', '1', '2', '3', '5', 'x', 'g', 'L', '7777', '\u0080\u00ff', '-1', 'a'),
});

function lying(lies: readonly { block: number; field: number; put: string }[]): Buffer {
  const copy = Buffer.from(whole);
  for (const { block, field, put } of lies) {
    const at = (block * 512) % copy.length;
    copy.write(put, at + field, 'latin1');
    copy.fill(' ', at + 148, at + 156);
    const sum = copy.subarray(at, at + 512).reduce((all, byte) => all + byte, 0);
    copy.write(`${sum.toString(8).padStart(6, '0')}\0 `, at + 148, 'latin1');
  }
  return copy;
}

const inPieces = async function* (bytes: Buffer): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += 1000) yield bytes.subarray(at, at + 1000);
};

/** The paths that are taken of it, to its end or to what is refused; and which of these it was. */
async function taken(tar: Buffer): Promise<{ paths: readonly string[]; bytes: number; refused: string | null }> {
  const paths: string[] = [];
  let bytes = 0;
  try {
    for await (const entry of takenEntries(inPieces(tar), 'a.tar', new Set())) {
      paths.push('folder' in entry ? `${entry.folder}/` : entry.file);
      if ('content' in entry) for await (const chunk of entry.content) bytes += chunk.length;
    }
    return { paths, bytes, refused: null };
  } catch (thrown) {
    if (thrown instanceof TypeError) throw thrown;
    return { paths, bytes, refused: reasonOf(thrown) };
  }
}

describe('the layers of an image that came from elsewhere', () => {
  it('have files and folders that lie inside, each file once, and nothing else', async () => {
    let read = 0;
    await forAllFiles(fc.array(lie, { minLength: 1, maxLength: 4 }), async (lies) => {
      const { paths, bytes, refused } = await taken(lying(lies));
      const files = paths.filter((one) => !one.endsWith('/'));
      expect(new Set(files).size).toBe(files.length);
      for (const one of paths) expect(path.join('/out', one)).toBe(`/out/${one}`);
      expect(bytes).toBeLessThan(whole.length);
      expect(refused).not.toBe('');
      read += refused === null ? 1 : 0;
    });
    // Where all were refused, nothing would have been tried.
    expect(read).toBeGreaterThan(0);
  });

  it('are unpacked below their folder, or refused', async () =>
    await forAllFiles(
      fc.array(lie, { minLength: 1, maxLength: 4 }),
      async (lies) => {
        const tar = path.join(folder, 'layer.tar');
        rmSync(path.join(folder, 'out'), { recursive: true, force: true });
        writeFileSync(tar, lying(lies));
        try {
          await unpackLayers([tar], path.join(folder, 'out'));
        } catch (thrown) {
          if (!(thrown instanceof CouldNotRun)) throw thrown;
        }
        const entries = await readdir(path.join(folder, 'out'), { withFileTypes: true, recursive: true });
        for (const entry of entries) expect(entry.isFile() || entry.isDirectory()).toBe(true);
        expect(readdirSync(folder).toSorted()).toEqual(['in', 'layer.tar', 'out', 'whole.tar']);
      },
      20,
    ));
});
