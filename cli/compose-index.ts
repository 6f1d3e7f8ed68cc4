import { basename, join, resolve } from 'node:path';
import { digestOfJson, hexOf } from '#kernel';
import { memoryIndex, refreshIndex, type HistoryIndex } from '#history';
import { chainOfTexts, type Entry, type LedgerReader } from '#ledger';
import { cacheFolder } from './compose-tree.ts';
import { composeReader } from './compose-ledger.ts';
import { open } from './compose-repository.ts';
import type { Terminal } from './terminal.ts';

/** `from`: a ledger that was exported, instead of the branch. `indexDatabase`: PostgreSQL, instead of a file of this user's cache. */
export type IndexOptions = { repo: string; ref: string; indexDatabase?: string; from?: string };

export type OpenedIndex = { index: HistoryIndex; place: string; refresh: () => Promise<void> };

/** An index of the ledger; `refresh` brings it to the ledger's end. */
export async function composeIndex(options: IndexOptions, terminal: Terminal): Promise<OpenedIndex> {
  const { ledger, policy } = await composeReader(options, terminal);
  const opened = async (index: HistoryIndex, place: string, read: LedgerReader = ledger) => ({
    index,
    place,
    refresh: async () => void (await refreshIndex(index, read, policy)),
  });
  if (options.from !== undefined) return await opened(memoryIndex(), 'memory', await readExported(options.from, terminal));
  const { folder, gitFolder } = await open(options.repo, terminal);
  // Loaded where they are used: a client of PostgreSQL is nothing that most commands need.
  const { postgresIndex, sqliteIndex } = await import('#history/adapters');
  if (options.indexDatabase !== undefined) {
    const name = policy?.name ?? basename(folder);
    return await opened(await postgresIndex(options.indexDatabase, name), `PostgreSQL, as ${name}`);
  }
  const file = join(cacheFolder(terminal.env), 'history', `${hexOf(digestOfJson({ gitFolder })).slice(0, 32)}.sqlite`);
  return await opened(sqliteIndex(file), file);
}

/** A ledger in a Parquet file, checked like one on a branch. */
export async function readExported(file: string, { cwd }: Terminal): Promise<ReturnType<typeof chainOfTexts>> {
  const { readParquet } = await import('#history/adapters');
  return chainOfTexts(await readParquet(resolve(cwd, file)));
}

export async function exportEntries(file: string, entries: readonly Entry[], { cwd }: Terminal): Promise<void> {
  const { writeParquet } = await import('#history/adapters');
  await writeParquet(resolve(cwd, file), entries);
}
