import { setTimeout as sleep } from 'node:timers/promises';
import { Pool, type PoolClient } from 'pg';
import { CouldNotRun, reasonOf } from '#kernel';
import type { FactQuery, HistoryIndex, IndexMark } from '../history-index.ts';
import { INDEX_FORM, type IndexRow } from '../index-row.ts';
import type { FactOf, KindOfFact, Recorded } from '../read-facts.ts';
import { selection, type Dialect } from './selection.ts';

/** One schema for each form, so that installations of different age can share a database. */
const PLACE = `fieldproof_${INDEX_FORM}`;

const SCHEMA = `
CREATE SCHEMA IF NOT EXISTS ${PLACE};
SET LOCAL search_path TO ${PLACE};
CREATE TABLE IF NOT EXISTS facts (ledger text NOT NULL, seq integer NOT NULL, id text COLLATE "C" NOT NULL, kind text NOT NULL, model text NOT NULL,
  site text, series text, fact text NOT NULL, PRIMARY KEY (ledger, seq));
CREATE TABLE IF NOT EXISTS about (ledger text NOT NULL, name text NOT NULL, seq integer NOT NULL, PRIMARY KEY (ledger, name, seq));
CREATE TABLE IF NOT EXISTS mark (ledger text PRIMARY KEY, mark text NOT NULL);
CREATE TABLE IF NOT EXISTS notes (ledger text NOT NULL, name text NOT NULL, made text NOT NULL, PRIMARY KEY (ledger, name));
CREATE INDEX IF NOT EXISTS facts_by_id ON facts (ledger, id);
CREATE INDEX IF NOT EXISTS facts_by_kind ON facts (ledger, kind, seq);
CREATE INDEX IF NOT EXISTS facts_by_model ON facts (ledger, model, kind, seq);
CREATE INDEX IF NOT EXISTS facts_by_site ON facts (ledger, site, kind, seq) WHERE site IS NOT NULL;
CREATE INDEX IF NOT EXISTS facts_by_series ON facts (ledger, series, seq) WHERE series IS NOT NULL;`;

/** Rows of one statement. */
const BATCH = 2000;
/** Milliseconds from one look at a server that is starting to the next, and looks. */
const [LOOK_AGAIN, MOST_LOOKS] = [200, 150];

/**
 * An index in a database that an organisation shares: each ledger's rows under its name, written by whoever reads that ledger.
 * @param url as libpq takes it: postgres://user@host/database
 * @param ledger the name of the repository that it is of
 */
export async function postgresIndex(url: string, ledger: string): Promise<HistoryIndex> {
  const pool = new Pool({
    connectionString: url,
    max: 4,
    options: `-c search_path=${PLACE}`,
    connectionTimeoutMillis: 10_000,
  });
  // The server may go while nobody asks anything. Whoever asks next is told; unheard, it would end this process.
  pool.on('error', () => {});
  const answered = async <T>(asked: Promise<T>): Promise<T> => await asked.catch((cause: unknown) => unanswered(url, cause));
  const dialect: Dialect = {
    parameter: (n) => `$${n}`,
    among: (column, parameter) => `${column} = ANY(${parameter}::text[])`,
    list: (values) => [...values],
    ledger,
  };
  const ask = async (what: string, query: FactQuery) => {
    const { text, values } = selection(what, query, dialect);
    return (await answered(pool.query<Record<string, unknown>>(text, [...values]))).rows;
  };
  const write = async (rows: Iterable<IndexRow>, mark: IndexMark, from: 'nothing' | 'here') =>
    await inTransaction(pool, async (client) => {
      // Two who read the same ledger take turns; whoever comes second writes the same.
      await client.query('SELECT pg_advisory_xact_lock(hashtext($1))', [`${PLACE} ${ledger}`]);
      if (from === 'nothing')
        for (const table of ['facts', 'about', 'notes']) await client.query(`DELETE FROM ${table} WHERE ledger = $1`, [ledger]);
      await insert(client, ledger, rows);
      await client.query('INSERT INTO mark VALUES ($1, $2) ON CONFLICT (ledger) DO UPDATE SET mark = $2', [
        ledger,
        JSON.stringify(mark),
      ]);
    });
  await answered(prepare(pool)).catch(async (thrown: unknown) => {
    await pool.end();
    throw thrown;
  });
  return {
    mark: async () => {
      const { rows } = await answered(pool.query<{ mark: string }>('SELECT mark FROM mark WHERE ledger = $1', [ledger]));
      return rows[0] === undefined ? null : (JSON.parse(rows[0].mark) as IndexMark);
    },
    replace: async (rows, mark) => await answered(write(rows, mark, 'nothing')),
    add: async (rows, mark) => await answered(write(rows, mark, 'here')),
    find: async <K extends KindOfFact>(query: FactQuery<K>) =>
      (await ask('seq, id, fact', query)).map(
        ({ seq, id, fact }) => ({ seq, id, fact: JSON.parse(String(fact)) as FactOf<K> }) as Recorded<FactOf<K>>,
      ),
    count: async (query) => Number((await ask('count(*) AS n', query))[0]?.['n'] ?? 0),
    ...namesAndNotes(async (text, values) => (await answered(pool.query<Record<string, string>>(text, values))).rows, ledger),
    close: async () => await pool.end(),
  };
}

type Ask = (text: string, values: string[]) => Promise<Record<string, string>[]>;

function namesAndNotes(ask: Ask, ledger: string): Pick<HistoryIndex, 'models' | 'sites' | 'noted' | 'note'> {
  const distinct = async (column: 'model' | 'site', where: string, ...values: string[]) => {
    const text = `SELECT DISTINCT ${column} COLLATE "C" AS name FROM facts WHERE ledger = $1 AND ${where} ORDER BY 1`;
    return (await ask(text, [ledger, ...values])).flatMap(({ name }) => name ?? []);
  };
  return {
    models: async (kind) => await distinct('model', 'kind = $2', kind),
    sites: async () => await distinct('site', 'site IS NOT NULL'),
    noted: async (name) =>
      (await ask('SELECT made FROM notes WHERE ledger = $1 AND name = $2', [ledger, name]))[0]?.['made'] ?? null,
    note: async (name, made) => {
      const text = 'INSERT INTO notes VALUES ($1, $2, $3) ON CONFLICT (ledger, name) DO UPDATE SET made = $3';
      await ask(text, [ledger, name, made]);
    },
  };
}

async function prepare(pool: Pool): Promise<void> {
  await onceStarted(async () => {
    await inTransaction(pool, async (client) => {
      await client.query('SELECT pg_advisory_xact_lock(hashtext($1))', [PLACE]);
      await client.query(SCHEMA);
    });
  });
}

/** A server that is still starting listens already, and refuses: one that came up beside us gets half a minute. */
async function onceStarted(work: () => Promise<void>): Promise<void> {
  for (let looked = 1; ; looked += 1) {
    try {
      return await work();
    } catch (thrown) {
      if (!isStarting(thrown) || looked === MOST_LOOKS) throw thrown;
      await sleep(LOOK_AGAIN);
    }
  }
}

/** `cannot_connect_now`, of the table of PostgreSQL's error codes. */
function isStarting(thrown: unknown): boolean {
  return thrown instanceof Error && 'code' in thrown && thrown.code === '57P03';
}

/** @throws CouldNotRun that names the server, and neither user nor password */
function unanswered(url: string, cause: unknown): never {
  const message = `the database does not answer as an index needs it: ${reasonOf(cause)}`;
  const remedy = 'see that it runs, and that this user may make a schema there; or leave --index-database out';
  throw new CouldNotRun({ file: serverOf(url), message, remedy }, { cause });
}

/** An address may be one of a socket, which is no URL. */
function serverOf(url: string): string {
  return URL.canParse(url) ? `postgres://${new URL(url).host}` : 'the database of --index-database';
}

async function insert(client: PoolClient, ledger: string, rows: Iterable<IndexRow>): Promise<void> {
  for (const batch of batches(rows)) {
    const column = <T>(of: (row: IndexRow) => T) => batch.map((row) => of(row));
    await client.query(
      `INSERT INTO facts SELECT $1, * FROM unnest($2::integer[], $3::text[], $4::text[], $5::text[], $6::text[], $7::text[], $8::text[])
       ON CONFLICT DO NOTHING`,
      [
        ledger,
        column(({ seq }) => seq),
        column(({ id }) => id),
        column(({ kind }) => kind),
        column(({ model }) => model),
        column(({ site }) => site),
        column(({ series }) => series),
        column(({ fact }) => JSON.stringify(fact)),
      ],
    );
    const named = batch.flatMap(({ seq, about }) => about.map((name) => ({ seq, name })));
    await client.query('INSERT INTO about SELECT $1, * FROM unnest($2::text[], $3::integer[]) ON CONFLICT DO NOTHING', [
      ledger,
      named.map(({ name }) => name),
      named.map(({ seq }) => seq),
    ]);
  }
}

function* batches(rows: Iterable<IndexRow>): Generator<IndexRow[]> {
  let batch: IndexRow[] = [];
  for (const row of rows) {
    if (batch.push(row) < BATCH) continue;
    yield batch;
    batch = [];
  }
  if (batch.length > 0) yield batch;
}

async function inTransaction(pool: Pool, work: (client: PoolClient) => Promise<void>): Promise<void> {
  const client = await pool.connect();
  try {
    await client.query('BEGIN');
    await work(client);
    await client.query('COMMIT');
    client.release();
  } catch (thrown) {
    // Ended, rather than given back with half a transaction in it.
    client.release(true);
    throw thrown;
  }
}
