import type { FactQuery, HistoryIndex, IndexMark } from './history-index.ts';
import type { IndexRow } from './index-row.ts';
import type { FactOf, KindOfFact, Recorded } from './read-facts.ts';

/** An index for as long as the process runs. */
export function memoryIndex(): HistoryIndex {
  let held: readonly IndexRow[] = [];
  let mark: IndexMark | null = null;
  const notes = new Map<string, string>();
  const rowsOf = (query: FactQuery) => selected(held, query);
  return {
    mark: () => Promise.resolve(mark),
    replace: (rows, next) => {
      [held, mark] = [[...rows], next];
      notes.clear();
      return Promise.resolve();
    },
    add: (rows, next) => {
      [held, mark] = [[...held, ...rows], next];
      return Promise.resolve();
    },
    find: <K extends KindOfFact>(query: FactQuery<K>) =>
      Promise.resolve(rowsOf(query).map(({ id, seq, fact }) => ({ id, seq, fact }) as Recorded<FactOf<K>>)),
    count: (query) => Promise.resolve(rowsOf(query).length),
    models: (kind) => Promise.resolve([...new Set(held.flatMap((row) => (row.kind === kind ? [row.model] : [])))].toSorted()),
    sites: () => Promise.resolve([...new Set(held.flatMap(({ site }) => site ?? []))].toSorted()),
    noted: (name) => Promise.resolve(notes.get(name) ?? null),
    note: (name, made) => Promise.resolve(void notes.set(name, made)),
    close: () => Promise.resolve(),
  };
}

function selected(rows: readonly IndexRow[], query: FactQuery): readonly IndexRow[] {
  const [kinds, about, ids] = [new Set(query.kinds), new Set(query.about), new Set(query.ids)];
  const found = rows.filter(
    (row) =>
      kinds.has(row.kind) &&
      (query.model === undefined || row.model === query.model) &&
      (query.site === undefined || row.site === query.site) &&
      (query.about === undefined || row.about.some((name) => about.has(name))) &&
      (query.after === undefined || row.seq > query.after) &&
      (query.ids === undefined || ids.has(row.id)) &&
      (query.named === undefined || row.id.startsWith(`sha256:${query.named}`)),
  );
  const wanted = query.latest === true ? lastOfEach(found) : found;
  const ordered = query.newestFirst === true ? wanted.toReversed() : wanted;
  const { skip = 0, limit = ordered.length } = query.page ?? {};
  return ordered.slice(skip, skip + limit);
}

/** What is of no series stays. */
function lastOfEach(rows: readonly IndexRow[]): readonly IndexRow[] {
  const last = new Map(rows.map((row) => [row.series, row]));
  return rows.filter((row) => row.series === null || last.get(row.series) === row);
}
