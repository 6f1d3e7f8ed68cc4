import { openStore, transact } from '#carriers/adapters';

const TABLE =
  'CREATE TABLE IF NOT EXISTS answers (number INTEGER PRIMARY KEY AUTOINCREMENT, key INTEGER NOT NULL UNIQUE, event TEXT NOT NULL);';
/** Answers that are remembered: months of them. */
const REMEMBERED = 100_000;

/** What the graph has told, for whoever comes for it: each once, in the order in which it was told, also over a restart. */
export type Answers = {
  /** @param key the same for one that is told again after a crash @returns whether it is new */
  add: (event: object, key: number) => boolean;
  after: (number: number, most: number) => { number: number; event: unknown }[];
  close: () => void;
};

/** @throws CouldNotRun when there is no disk for it; each call when the disk is full */
export function openAnswers(file: string): Answers {
  const store = openStore(file, TABLE);
  const insert = store.prepare('INSERT INTO answers (key, event) VALUES (?, ?) ON CONFLICT DO NOTHING RETURNING number');
  const forget = store.prepare('DELETE FROM answers WHERE number <= ?');
  const select = store.prepare('SELECT number, event FROM answers WHERE number > ? ORDER BY number LIMIT ?');
  return {
    add: (event, key) =>
      transact(file, store, () => {
        const number = insert.get(key, JSON.stringify(event))?.['number'];
        if (number !== undefined) forget.run(Number(number) - REMEMBERED);
        return number !== undefined;
      }),
    after: (number, most) =>
      select
        .all(number, most)
        .map((row) => ({ number: Number(row['number']), event: JSON.parse(String(row['event'])) as unknown })),
    close: () => store.close(),
  };
}
