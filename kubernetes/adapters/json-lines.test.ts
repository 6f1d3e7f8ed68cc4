import { array, assert, asyncProperty, jsonValue, integer } from 'fast-check';
import { describe, expect, it } from 'vitest';
import { jsonLines } from './json-lines.ts';

async function* cut(text: Uint8Array, size: number): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < text.length; at += size) yield text.subarray(at, at + size);
}
const read = async (text: string, size = 7) => await Array.fromAsync(jsonLines(cut(Buffer.from(text), size)));

describe('lines of JSON', () => {
  it('are the values that were written, wherever the chunks are cut', async () => {
    await assert(
      asyncProperty(array(jsonValue()), integer({ min: 1, max: 40 }), async (values, size) => {
        const text = values.map((value) => `${JSON.stringify(value)}\n`).join('');
        expect(await read(text, size)).toEqual(JSON.parse(JSON.stringify(values)));
      }),
      { numRuns: 60 },
    );
  });

  it('take no notice of empty lines, nor of a line that was cut off', async () => {
    expect(await read('1\n\n2\n{"half')).toEqual([1, 2]);
  });

  it('are refused where they are none, or have no end', async () => {
    await expect(read('nonsense\n')).rejects.toThrow(SyntaxError);
    await expect(read('x'.repeat(17 * 1024 * 1024), 1024 * 1024)).rejects.toThrow(/a line of more than/);
  });
});
