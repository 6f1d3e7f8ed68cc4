import { appendFileSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { fileTimes } from './file-times.ts';

const check = { seconds: 12.5, steps: [{ name: 'street: candidate', items: 30, seconds: 6 }] };
let folder = '';
beforeAll(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'fieldproof-times-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

describe('times in a file', () => {
  it('are read as they were kept, but for lines that are none', async () => {
    const file = path.join(folder, 'below', 'times.jsonl');
    const times = fileTimes(file);
    expect(await times.read()).toEqual([]);
    times.add(check);
    appendFileSync(file, '{"seconds": "torn\n{"seconds":1}\n');
    times.add(check);
    expect(await times.read()).toEqual([check, check]);
  });

  it('cost a check nothing where they cannot be kept', () => {
    const file = path.join(folder, 'a-file');
    writeFileSync(file, '');
    expect(() => fileTimes(path.join(file, 'times.jsonl')).add(check)).not.toThrow();
  });
});
