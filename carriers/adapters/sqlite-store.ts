import { mkdirSync } from 'node:fs';
import path from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { CouldNotRun, reasonOf } from '#kernel';

/** A database whose transactions are on the disk when they are over: written ahead, and synced each time. */
export function openStore(file: string, tables: string): DatabaseSync {
  return explained(file, () => {
    mkdirSync(path.dirname(file), { recursive: true });
    const store = new DatabaseSync(file, { timeout: 5000 });
    // The write-ahead log stays small, so that a disk that fills up fills up in one place.
    store.exec(`PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA wal_autocheckpoint = 100; ${tables}`);
    return store;
  });
}

/** All or nothing; on the disk when it is over, or with whatever is synced next. @throws CouldNotRun */
export function transact<T>(file: string, store: DatabaseSync, work: () => T, synced: 'now' | 'later' = 'now'): T {
  return explained(file, () => {
    store.exec(`PRAGMA synchronous = ${synced === 'now' ? 'FULL' : 'NORMAL'}`);
    store.exec('BEGIN IMMEDIATE');
    try {
      const result = work();
      store.exec('COMMIT');
      return result;
    } catch (thrown) {
      if (store.isTransaction) store.exec('ROLLBACK');
      throw thrown;
    }
  });
}

export function explained<T>(file: string, work: () => T): T {
  try {
    return work();
  } catch (cause) {
    if (cause instanceof CouldNotRun) throw cause;
    const full = /full|disk I\/O error/.test(reasonOf(cause));
    const message = full ? 'the disk is full: nothing more can be promised' : 'could not be read or written';
    const remedy = full
      ? 'free some space there: what was promised before is kept, and goes on as soon as there is room'
      : 'look at the disk and at who may write there; what was promised is in that file';
    throw new CouldNotRun({ file, message, remedy }, { cause });
  }
}
