import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { playWriters } from '../../testing/worlds/ledger-writers.ts';

const folder = mkdtempSync(join(tmpdir(), 'fieldproof-writers-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** The small form of bench/ledger-writers.ts, which is of fifty writers with 2,000 records each. */
it('holds each acknowledged record once, whoever is killed while writing', async () => {
  const written = await playWriters({ folder, writers: 4, records: 12, atOnce: 3, kills: 5, seed: 1 });
  expect(written).toMatchObject({ entries: 48, acknowledged: 48, lost: 0, twice: 0, state: 'intact' });
});
