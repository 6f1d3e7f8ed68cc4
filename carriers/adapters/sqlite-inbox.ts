import type { DatabaseSync } from 'node:sqlite';
import { ProtocolError } from '#kernel';
import type { Parcel } from '../carrier.ts';
import { acceptanceOf } from '../forward/acceptance.ts';
import type { Acceptance, Inbox } from '../forward/stores.ts';
import { labelText, readLabel } from '../parcel-codec.ts';
import { openStore, transact } from './sqlite-store.ts';

const TABLES = `
  CREATE TABLE IF NOT EXISTS connections (number INTEGER PRIMARY KEY AUTOINCREMENT, id TEXT NOT NULL UNIQUE, at INTEGER NOT NULL);
  CREATE TABLE IF NOT EXISTS seen (
    number INTEGER PRIMARY KEY AUTOINCREMENT, camera TEXT NOT NULL, sequence INTEGER NOT NULL, UNIQUE (camera, sequence)
  );
  CREATE TABLE IF NOT EXISTS parcels (id INTEGER PRIMARY KEY AUTOINCREMENT, label TEXT NOT NULL, bytes BLOB NOT NULL);`;

/** Promised messages that are known again: months of events; and connections, of which a broker may still hold something. */
const REMEMBERED = 1_000_000;
const CONNECTIONS = 1000;

export function sqliteInbox(file: string): Inbox {
  const store = openStore(file, TABLES);
  return {
    accept: async (parcels) =>
      transact(file, store, () => {
        const taken = parcels.map((parcel) => accept(store, parcel));
        return { as: taken.map((one) => one.as), upTo: taken.at(-1)?.upTo ?? 0 };
      }),
    next: async () => {
      const row = store.prepare('SELECT id, label, bytes FROM parcels ORDER BY id LIMIT 1').get();
      if (row === undefined) return null;
      return { id: Number(row['id']), parcel: { label: readLabel(String(row['label'])), bytes: row['bytes'] as Uint8Array } };
    },
    done: async (id) => transact(file, store, () => void store.prepare('DELETE FROM parcels WHERE id = ?').run(id)),
    close: async () => {
      if (store.isOpen) store.close();
    },
  };
}

function accept(store: DatabaseSync, { label, bytes }: Parcel): { as: Acceptance; upTo: number } {
  const { kept, ...known } = label;
  if (kept === undefined) throw new ProtocolError('a message that nobody keeps was never promised');
  const at = Number(store.prepare('SELECT at FROM connections WHERE id = ?').get(kept.by)?.['at'] ?? 0);
  const as = acceptanceOf(at, kept);
  if (as !== 'new') return { as, upTo: at };
  const reached = 'INSERT INTO connections (id, at) VALUES (?1, ?2) ON CONFLICT (id) DO UPDATE SET at = ?2 RETURNING number';
  const connection = Number(store.prepare(reached).get(kept.by, kept.position)?.['number']);
  store.prepare('DELETE FROM connections WHERE number <= ?').run(connection - CONNECTIONS);
  const seen = store.prepare('INSERT INTO seen (camera, sequence) VALUES (?, ?) ON CONFLICT DO NOTHING RETURNING number');
  const number = seen.get(label.camera, label.sequence)?.['number'];
  // A stage that was killed has answered twice: the place counts, the message does not.
  if (number === undefined) return { as: 'known', upTo: kept.position };
  store.prepare('DELETE FROM seen WHERE number <= ?').run(Number(number) - REMEMBERED);
  store.prepare('INSERT INTO parcels (label, bytes) VALUES (?, ?)').run(labelText(known), bytes);
  return { as, upTo: kept.position };
}
