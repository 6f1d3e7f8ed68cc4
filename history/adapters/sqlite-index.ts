import { chmodSync, mkdirSync, rmSync } from 'node:fs';
import { dirname } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import type { FactQuery, HistoryIndex, IndexMark } from '../history-index.ts';
import { INDEX_FORM, type IndexRow } from '../index-row.ts';
import type { FactOf, KindOfFact, Recorded } from '../read-facts.ts';
import { selection, type Dialect } from './selection.ts';

const SCHEMA = `
CREATE TABLE facts (seq INTEGER PRIMARY KEY, id TEXT NOT NULL, kind TEXT NOT NULL, model TEXT NOT NULL, site TEXT, series TEXT, fact TEXT NOT NULL);
CREATE TABLE about (name TEXT NOT NULL, seq INTEGER NOT NULL, PRIMARY KEY (name, seq)) WITHOUT ROWID;
CREATE TABLE mark (mark TEXT NOT NULL);
CREATE TABLE notes (name TEXT PRIMARY KEY, made TEXT NOT NULL);
CREATE INDEX facts_by_id ON facts (id);
CREATE INDEX facts_by_kind ON facts (kind, seq);
CREATE INDEX facts_by_model ON facts (model, kind, seq);
CREATE INDEX facts_by_site ON facts (site, kind, seq) WHERE site IS NOT NULL;
CREATE INDEX facts_by_series ON facts (series, seq) WHERE series IS NOT NULL;
PRAGMA user_version = ${INDEX_FORM};`;

/** From one name to the next: so that it takes as long as there are names, and not facts. */
const eachOf = (column: 'model' | 'site') => `
WITH RECURSIVE each(name) AS (
  SELECT min(${column}) FROM facts WHERE ${column} IS NOT NULL
  UNION ALL SELECT (SELECT min(${column}) FROM facts WHERE ${column} > each.name) FROM each WHERE name IS NOT NULL
)
SELECT name FROM each WHERE name IS NOT NULL`;
const MODELS = `${eachOf('model')} AND EXISTS (SELECT 1 FROM facts WHERE model = each.name AND kind = ?)`;
const SITES = eachOf('site');

const SQLITE: Dialect = {
  parameter: (n) => `?${n}`,
  among: (column, parameter) => `${column} IN (SELECT value FROM json_each(${parameter}))`,
  list: (values) => JSON.stringify(values),
  ledger: null,
};

/** An index in a file of this user's cache. One that is damaged, or of another version, is made anew. */
export function sqliteIndex(file: string): HistoryIndex {
  mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
  const database = open(file);
  const write = (rows: Iterable<IndexRow>, mark: IndexMark, from: 'nothing' | 'here') => {
    database.exec('BEGIN IMMEDIATE');
    try {
      if (from === 'nothing') database.exec('DELETE FROM facts; DELETE FROM about; DELETE FROM notes');
      insert(database, rows);
      database.exec('DELETE FROM mark');
      database.prepare('INSERT INTO mark VALUES (?)').run(JSON.stringify(mark));
      database.exec('COMMIT');
    } catch (thrown) {
      database.exec('ROLLBACK');
      throw thrown;
    }
  };
  const ask = (what: string, query: FactQuery) => {
    const { text, values } = selection(what, query, SQLITE);
    return database.prepare(text).all(...(values as (string | number)[]));
  };
  return {
    mark: () => {
      const row = database.prepare('SELECT mark FROM mark').get();
      return Promise.resolve(row === undefined ? null : (JSON.parse(String(row['mark'])) as IndexMark));
    },
    replace: async (rows, mark) => Promise.resolve(write(rows, mark, 'nothing')),
    add: async (rows, mark) => Promise.resolve(write(rows, mark, 'here')),
    find: <K extends KindOfFact>(query: FactQuery<K>) =>
      Promise.resolve(
        ask('seq, id, fact', query).map(
          ({ seq, id, fact }) => ({ seq, id, fact: JSON.parse(String(fact)) as FactOf<K> }) as Recorded<FactOf<K>>,
        ),
      ),
    count: (query) => Promise.resolve(Number(ask('count(*) AS n', query)[0]?.['n'] ?? 0)),
    models: (kind) =>
      Promise.resolve(
        database
          .prepare(MODELS)
          .all(kind)
          .map(({ name }) => String(name)),
      ),
    sites: () =>
      Promise.resolve(
        database
          .prepare(SITES)
          .all()
          .map(({ name }) => String(name)),
      ),
    noted: (name) => {
      const row = database.prepare('SELECT made FROM notes WHERE name = ?').get(name);
      return Promise.resolve(row === undefined ? null : String(row['made']));
    },
    note: (name, made) => Promise.resolve(void database.prepare('INSERT OR REPLACE INTO notes VALUES (?, ?)').run(name, made)),
    close: () => Promise.resolve(database.close()),
  };
}

function insert(database: DatabaseSync, rows: Iterable<IndexRow>): void {
  const fact = database.prepare('INSERT INTO facts VALUES (?, ?, ?, ?, ?, ?, ?)');
  const about = database.prepare('INSERT OR IGNORE INTO about VALUES (?, ?)');
  for (const row of rows) {
    fact.run(row.seq, row.id, row.kind, row.model, row.site, row.series, JSON.stringify(row.fact));
    for (const name of row.about) about.run(name, row.seq);
  }
}

function open(file: string): DatabaseSync {
  try {
    return prepared(file);
  } catch {
    for (const each of [file, `${file}-wal`, `${file}-shm`]) rmSync(each, { force: true });
    return prepared(file);
  }
}

function prepared(file: string): DatabaseSync {
  const database = new DatabaseSync(file, { timeout: 10_000 });
  chmodSync(file, 0o600);
  database.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL');
  const version = Number(database.prepare('PRAGMA user_version').get()?.['user_version']);
  if (version === INDEX_FORM) return database;
  if (version !== 0) {
    database.close();
    throw new Error('of another version');
  }
  database.exec(SCHEMA);
  return database;
}
