import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { parseYaml } from './document.ts';
import { parseModelMetadata } from './model-metadata.ts';
import { parseStrictly } from './strict-document.ts';

/** Each of them is a fault, and all of them are in one entry of a list: together they are more than the stack holds. */
const faults = `[${'"",'.repeat(300_000)}""]`;
const rows = z.strictObject({ rows: z.array(z.array(z.number())) });
const tensor = `{"name":"a","datatype":"FP32","shape":${faults}}`;

describe('what is wrong in hundreds of thousands of places', () => {
  it.each<[string, () => unknown]>([
    ['JSON of a job', () => parseStrictly(rows, `{"rows":[${faults}]}`, { file: 'a', remedy: '' })],
    ['YAML', () => parseYaml(`rows: [${faults}]`, 'a', rows)],
    ['metadata of a model', () => parseModelMetadata(JSON.parse(`{"name":"a","inputs":[${tensor}]}`))],
  ])('is refused in words: %s', (_, read) => {
    expect(read).toThrow('wrong in more places than can be named');
  });

  it('is named where it can be', () => {
    expect(() => parseYaml('rows: [[1, a]]', 'a', rows)).toThrow('rows[0][1]');
  });
});
