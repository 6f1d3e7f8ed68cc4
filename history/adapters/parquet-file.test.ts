import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parquetReadObjects, asyncBufferFromFile } from 'hyparquet';
import { parquetWriteFile } from 'hyparquet-writer';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { appendFacts, memoryIndex, refreshIndex } from '#history';
import { chainOfTexts } from '#ledger';
import { MemoryLedger } from '../../testing/fakes/memory-ledger.ts';
import { longHistory } from '../../testing/worlds/long-history.ts';
import { readParquet, writeParquet } from './parquet-file.ts';

const folder = mkdtempSync(join(tmpdir(), 'fieldproof-parquet-'));
afterAll(() => rmSync(folder, { recursive: true }));
const file = join(folder, 'history.parquet');

describe('a ledger as a Parquet file', () => {
  const ledger = new MemoryLedger();
  beforeAll(async () => {
    await ledger.append([{ kind: 'note', text: 'ä \u0000 "\\ \u{1F600} , \n' }]);
    await appendFacts(ledger, [...longHistory({ iterations: 30, datasets: 4, sites: 5 })]);
    await writeParquet(file, await ledger.entries());
  });

  it('comes back entry by entry, and proves that it is whole', async () => {
    const chain = chainOfTexts(await readParquet(file));
    expect(await chain.entries()).toEqual(await ledger.entries());
    expect(await chain.verify()).toEqual(await ledger.verify());
  });

  it('makes the same index as the ledger does', async () => {
    const [one, other] = [memoryIndex(), memoryIndex()];
    expect(await refreshIndex(one, chainOfTexts(await readParquet(file)), null)).toEqual(await refreshIndex(other, ledger, null));
    expect(await one.find({ kinds: ['verdict'] })).toEqual(await other.find({ kinds: ['verdict'] }));
  });

  it('has a column for what analyses ask for', async () => {
    const rows = await parquetReadObjects({
      file: await asyncBufferFromFile(file),
      columns: ['seq', 'kind', 'model', 'outcome'],
    });
    expect(rows.filter(({ kind }) => kind === 'verdict')).toHaveLength(30);
    expect(rows[0]).toEqual({ seq: 1, kind: 'note', model: null, outcome: null });
  });

  it('names the entry that somebody edited', async () => {
    const texts = (await readParquet(file)).map((each, at) =>
      at === 6 ? { ...each, fact: each.fact.replace('model', 'modal') } : each,
    );
    expect(await chainOfTexts(texts).verify()).toMatchObject({ state: 'broken', at: 7 });
    await expect(chainOfTexts(texts).entries()).rejects.toThrow(/entry 7/);
  });

  it.each([
    ['is none', (path: string) => writeFileSync(path, 'PAR1 and nothing more PAR1')],
    ['is empty', (path: string) => writeFileSync(path, '')],
    ['is cut off', (path: string) => writeFileSync(path, readFileSync(file).subarray(0, 2000))],
    [
      'is of something else',
      (path: string) => parquetWriteFile({ filename: path, columnData: [{ name: 'a', data: [1], type: 'INT32' }] }),
    ],
  ])('says so where a file %s', async (name, make) => {
    const path = join(folder, `${name}.parquet`);
    make(path);
    await expect(readParquet(path)).rejects.toThrow(/is no ledger in a Parquet file/);
  });

  it('leaves nothing half written', async () => {
    await expect(writeParquet(join(folder, 'none', 'x.parquet'), await ledger.entries())).rejects.toThrow(/cannot be written/);
    expect(existsSync(join(folder, 'none'))).toBe(false);
  });
});
