import type { DatabaseSync } from 'node:sqlite';
import { CouldNotRun } from '#kernel';
import type { Parcel } from '../carrier.ts';
import { fitting } from '../forward/bundle.ts';
import type { Kept, Outbox } from '../forward/stores.ts';
import { labelText, readLabel } from '../parcel-codec.ts';
import { explained, openStore, transact } from './sqlite-store.ts';

const TABLES = `
  CREATE TABLE IF NOT EXISTS parcels (
    id INTEGER PRIMARY KEY AUTOINCREMENT, camera TEXT NOT NULL, sequence INTEGER NOT NULL, captured_at REAL NOT NULL,
    label TEXT NOT NULL, bytes BLOB NOT NULL, UNIQUE (camera, sequence)
  );
  CREATE INDEX IF NOT EXISTS by_capture ON parcels (captured_at, camera, sequence);`;

/** Bytes that may wait: a day of events, or an hour of crops. */
const MOST_BYTES = 1 << 30;

type Row = { id: number; label: string; bytes: Uint8Array };

/** @param mostBytes that may wait before nothing more is promised */
export function sqliteOutbox(file: string, { mostBytes = MOST_BYTES }: { mostBytes?: number } = {}): Outbox {
  const store = openStore(file, TABLES);
  const number = (sql: string) => explained(file, () => Number(Object.values(store.prepare(sql).get() ?? {})[0] ?? 0));
  return {
    keep: async (parcel) =>
      transact(file, store, () => {
        const waiting = number('SELECT sum(length(bytes)) FROM parcels');
        if (waiting + parcel.bytes.byteLength > mostBytes) throw outboxFull(file, waiting);
        return insert(store, parcel) ? 'kept' : 'known';
      }),
    next: async (onTheWay, together) => explained(file, () => nextOf(store, onTheWay, together)),
    // Not synced: what a power cut makes us send again is known at the other end.
    confirm: async (ids) =>
      transact(
        file,
        store,
        () => {
          const forget = store.prepare('DELETE FROM parcels WHERE id = ?');
          for (const id of ids) forget.run(id);
        },
        'later',
      ),
    waiting: async () => number('SELECT count(*) FROM parcels'),
    close: async () => {
      if (store.isOpen) store.close();
    },
  };
}

function insert(store: DatabaseSync, { label, bytes }: Parcel): boolean {
  const columns = 'INSERT INTO parcels (camera, sequence, captured_at, label, bytes)';
  const into = store.prepare(`${columns} VALUES (?, ?, ?, ?, ?) ON CONFLICT DO NOTHING`);
  return into.run(label.camera, label.sequence, label.capturedAt, labelText(label), bytes).changes > 0;
}

function nextOf(store: DatabaseSync, onTheWay: ReadonlySet<number>, { most, bytes }: { most: number; bytes: number }): Kept[] {
  const earliest = 'SELECT id, label, bytes FROM parcels ORDER BY captured_at, camera, sequence LIMIT ?';
  const rows = (store.prepare(earliest).all(most + onTheWay.size) as Row[]).filter(({ id }) => !onTheWay.has(id)).slice(0, most);
  const kept = rows.map((row) => ({ id: row.id, parcel: { label: readLabel(row.label), bytes: row.bytes } }));
  return fitting(kept, bytes);
}

function outboxFull(file: string, waiting: number): CouldNotRun {
  const message = `${waiting} bytes of promised messages wait, and it may hold no more: nothing more can be promised`;
  return new CouldNotRun({ file, message, remedy: 'look at the link that they wait for, or give the outbox more room' });
}
