import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { connect, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { appendFacts, memoryIndex, refreshIndex } from '#history';
import { historyIndexContract } from '../../testing/contracts/history-index.contract.ts';
import { MemoryLedger } from '../../testing/fakes/memory-ledger.ts';
import { findPostgres, startPostgres, type Postgres } from '../../testing/postgres.ts';
import { longHistory } from '../../testing/worlds/long-history.ts';
import { postgresIndex } from './postgres-index.ts';

const programs = findPostgres();

describe.skipIf(programs === null)('an index in PostgreSQL (needs Debian’s postgresql)', () => {
  let server: Postgres;
  beforeAll(async () => {
    server = await startPostgres(programs ?? '');
  });
  afterAll(async () => await server.stop());

  historyIndexContract('an index in PostgreSQL', async (name) => await postgresIndex(server.url, name));

  it('holds what each repository says apart from what the others do', async () => {
    const [porch, gate] = await Promise.all([postgresIndex(server.url, 'acme/porch'), postgresIndex(server.url, 'acme/gate')]);
    const ledgers = await Promise.all(
      [3, 5].map(async (iterations) => {
        const ledger = new MemoryLedger();
        await appendFacts(ledger, [...longHistory({ iterations, datasets: 2, sites: 3, seed: iterations })]);
        return ledger;
      }),
    );
    await refreshIndex(porch, ledgers[0] ?? new MemoryLedger(), null);
    await refreshIndex(gate, ledgers[1] ?? new MemoryLedger(), null);
    expect([await porch.count({ kinds: ['verdict'] }), await gate.count({ kinds: ['verdict'] })]).toEqual([3, 5]);
    const [prediction] = await gate.find({ kinds: ['prediction'] });
    expect(await porch.find({ kinds: ['outcome'], about: [prediction?.id ?? ''] })).toEqual([]);
    await Promise.all([porch.close(), gate.close()]);
  });

  it('comes to the same when several bring it to the ledger’s end at once', async () => {
    const ledger = new MemoryLedger();
    await appendFacts(ledger, [...longHistory({ iterations: 20, datasets: 2, sites: 3 })]);
    const readers = await Promise.all(Array.from({ length: 4 }, async () => await postgresIndex(server.url, 'at once')));
    await Promise.all(readers.map(async (index) => await refreshIndex(index, ledger, null)));
    const memory = memoryIndex();
    await refreshIndex(memory, ledger, null);
    for (const index of readers) {
      expect(await index.find({ kinds: ['verdict', 'rollout'] })).toEqual(await memory.find({ kinds: ['verdict', 'rollout'] }));
      await index.close();
    }
  });

  it('says so when its server goes, and ends nothing', async () => {
    const own = await startPostgres(programs ?? '');
    const index = await postgresIndex(own.url, 'acme/porch');
    expect(await index.count({ kinds: ['verdict'] })).toBe(0);
    await own.stop();
    const gone = /the database does not answer as an index needs it/;
    await expect(index.count({ kinds: ['verdict'] })).rejects.toThrow(gone);
    await expect(index.mark()).rejects.toThrow(gone);
    await index.close();
  });

  it('waits for one that is starting, which listens already and refuses', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'fieldproof-starting-'));
    const socketOf = (place: string) => join(place, '.s.PGSQL.5432');
    const real = decodeURIComponent(server.url.split('host=')[1] ?? '');
    let refusals = 0;
    const starting = createServer((client) => {
      client.on('error', () => {});
      if (refusals >= 3) return void client.pipe(connect(socketOf(real)).on('error', () => {})).pipe(client);
      refusals += 1;
      const fields = Buffer.from('SFATAL\0C57P03\0Mthe database system is starting up\0\0');
      const head = Buffer.from([69, 0, 0, 0, fields.length + 4]);
      client.once('data', () => client.end(Buffer.concat([head, fields])));
    });
    starting.listen(socketOf(folder));
    await once(starting, 'listening');
    const index = await postgresIndex(server.url.replace(encodeURIComponent(real), encodeURIComponent(folder)), 'acme/late');
    expect([refusals, await index.mark()]).toEqual([3, null]);
    await index.close();
    starting.close();
    rmSync(folder, { recursive: true });
  });

  it('says where no server answers, and tells no password', async () => {
    const asked = postgresIndex('postgres://me:secret@127.0.0.1:9/none', 'x');
    await expect(asked).rejects.toThrow(/postgres:\/\/127\.0\.0\.1:9/);
    await expect(asked).rejects.not.toThrow(/secret/);
  });
});
