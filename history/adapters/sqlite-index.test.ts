import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterAll, describe, expect, it } from 'vitest';
import { appendFacts, refreshIndex } from '#history';
import { historyIndexContract } from '../../testing/contracts/history-index.contract.ts';
import { MemoryLedger } from '../../testing/fakes/memory-ledger.ts';
import { longHistory } from '../../testing/worlds/long-history.ts';
import { sqliteIndex } from './sqlite-index.ts';

const folder = mkdtempSync(join(tmpdir(), 'fieldproof-index-'));
afterAll(() => rmSync(folder, { recursive: true }));

historyIndexContract('an index in SQLite', (name) => Promise.resolve(sqliteIndex(join(folder, `${name}.sqlite`))));

describe('the file of an index', () => {
  const ledger = new MemoryLedger();
  const file = (name: string) => join(folder, 'own', name);

  it('holds what it held when it is opened again, and is its user’s alone', async () => {
    await appendFacts(ledger, [...longHistory({ iterations: 5, datasets: 2, sites: 3 })]);
    const index = sqliteIndex(file('kept'));
    const mark = await refreshIndex(index, ledger, null);
    await index.close();
    const again = sqliteIndex(file('kept'));
    expect(await again.mark()).toEqual(mark);
    expect(await again.count({ kinds: ['verdict'] })).toBe(5);
    await again.close();
    expect(statSync(file('kept')).mode & 0o077).toBe(0);
  });

  it.each([
    ['is no database', (path: string) => writeFileSync(path, 'not a database at all, and long enough to be looked at')],
    ['is of another version', (path: string) => new DatabaseSync(path).exec('PRAGMA user_version = 99')],
  ])('is made anew where it %s', async (name, spoil) => {
    await sqliteIndex(file(name)).close();
    rmSync(file(name));
    spoil(file(name));
    const index = sqliteIndex(file(name));
    expect(await index.mark()).toBeNull();
    await index.close();
  });
});
