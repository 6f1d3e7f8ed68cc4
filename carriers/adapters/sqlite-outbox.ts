import { randomUUID } from 'node:crypto';
import type { DatabaseSync } from 'node:sqlite';
import { CouldNotRun } from '#kernel';
import type { Parcel } from '../carrier.ts';
import type { Outbox, Placed } from '../forward/stores.ts';
import { labelText, readLabel } from '../parcel-codec.ts';
import { openStore, transact } from './sqlite-store.ts';

const TABLES = `
  CREATE TABLE IF NOT EXISTS outbox (id TEXT NOT NULL, placed INTEGER NOT NULL, confirmed INTEGER NOT NULL);
  CREATE TABLE IF NOT EXISTS parcels (
    camera TEXT NOT NULL, sequence INTEGER NOT NULL, captured_at REAL NOT NULL, label TEXT NOT NULL, bytes BLOB NOT NULL,
    position INTEGER UNIQUE, PRIMARY KEY (camera, sequence)
  );
  CREATE INDEX IF NOT EXISTS by_capture ON parcels (captured_at, camera, sequence) WHERE position IS NULL;`;

/** Bytes that may wait: a day of events, or an hour of crops. */
const MOST_BYTES = 1 << 30;

type Row = { label: string; bytes: Uint8Array; position: number | null; rowid: number };

/** @param mostBytes that may wait before nothing more is promised */
export function sqliteOutbox(file: string, { mostBytes = MOST_BYTES }: { mostBytes?: number } = {}): Outbox {
  const store = openStore(file, TABLES);
  const { id } = transact(file, store, () => identity(store));
  const number = (sql: string) => Number(Object.values(store.prepare(sql).get() ?? {})[0] ?? 0);
  return {
    id,
    keep: async (parcel) =>
      transact(file, store, () => {
        const waiting = number('SELECT sum(length(bytes)) FROM parcels');
        if (waiting + parcel.bytes.byteLength > mostBytes) throw outboxFull(file, waiting);
        return insert(store, parcel) ? 'kept' : 'known';
      }),
    next: async (after) => transact(file, store, () => nextOf(store, after)),
    confirm: async (position) =>
      transact(file, store, () => {
        store.prepare('UPDATE outbox SET confirmed = max(confirmed, ?)').run(position);
        store.prepare('DELETE FROM parcels WHERE position <= ?').run(position);
      }),
    confirmed: async () => number('SELECT confirmed FROM outbox'),
    waiting: async () => number('SELECT count(*) FROM parcels'),
    close: async () => {
      if (store.isOpen) store.close();
    },
  };
}

function identity(store: DatabaseSync): { id: string } {
  const found = store.prepare('SELECT id FROM outbox').get();
  if (found !== undefined) return { id: String(found['id']) };
  const id = randomUUID();
  store.prepare('INSERT INTO outbox VALUES (?, 0, 0)').run(id);
  return { id };
}

function insert(store: DatabaseSync, { label, bytes }: Parcel): boolean {
  const into = store.prepare('INSERT INTO parcels VALUES (?, ?, ?, ?, ?, NULL) ON CONFLICT DO NOTHING');
  return into.run(label.camera, label.sequence, label.capturedAt, labelText(label), bytes).changes > 0;
}

function nextOf(store: DatabaseSync, after: number): Placed | null {
  const columns = 'SELECT rowid, label, bytes, position FROM parcels';
  const placed = store.prepare(`${columns} WHERE position > ? ORDER BY position LIMIT 1`).get(after) as Row | undefined;
  if (placed?.position != null) return { position: placed.position, parcel: parcelOf(placed) };
  const earliest = store.prepare(`${columns} WHERE position IS NULL ORDER BY captured_at, camera, sequence LIMIT 1`).get() as
    | Row
    | undefined;
  if (earliest === undefined) return null;
  const { placed: position } = store.prepare('UPDATE outbox SET placed = placed + 1 RETURNING placed').get() as {
    placed: number;
  };
  store.prepare('UPDATE parcels SET position = ? WHERE rowid = ?').run(position, earliest.rowid);
  return { position, parcel: parcelOf(earliest) };
}

const parcelOf = ({ label, bytes }: Row): Parcel => ({ label: readLabel(label), bytes });

function outboxFull(file: string, waiting: number): CouldNotRun {
  const message = `${waiting} bytes of promised messages wait, and it may hold no more: nothing more can be promised`;
  return new CouldNotRun({ file, message, remedy: 'look at the link that they wait for, or give the outbox more room' });
}
