import { basename, join, resolve } from 'node:path';
import { digestOfJson, hexOf } from '#kernel';
import { noReports, siteAsOf, type Site } from '#dashboard';
import { fileReports, pageScript, servePages } from '#dashboard/adapters';
import { refreshIndex, type HistoryIndex } from '#history';
import { postgresIndex, sqliteIndex } from '#history/adapters';
import { cacheFolder, composeReader, composeTree, open } from './compose.ts';
import type { Terminal } from './terminal.ts';

export type IndexOptions = { repo: string; ref: string; indexDatabase?: string };

/** An index of the ledger, brought to its end. */
export async function composeIndex(
  options: IndexOptions,
  terminal: Terminal,
): Promise<{ index: HistoryIndex; refresh: () => Promise<void> }> {
  const { ledger, policy } = await composeReader(options, terminal);
  const { folder, gitFolder } = await open(options.repo, terminal);
  const file = join(cacheFolder(terminal.env), 'history', `${hexOf(digestOfJson({ gitFolder })).slice(0, 32)}.sqlite`);
  const index =
    options.indexDatabase === undefined
      ? sqliteIndex(file)
      : await postgresIndex(options.indexDatabase, policy?.name ?? basename(folder));
  return { index, refresh: async () => void (await refreshIndex(index, ledger, policy)) };
}

export type DashboardOptions = IndexOptions & { reports?: string; title?: string };

/** All that a dashboard shows, and where it is shown. */
export async function composeDashboard(options: DashboardOptions, terminal: Terminal) {
  const { index, refresh } = await composeIndex(options, terminal);
  const reports = options.reports === undefined ? noReports : fileReports(resolve(terminal.cwd, options.reports));
  const title = options.title ?? basename(resolve(terminal.cwd, options.repo));
  const script = await pageScript();
  const make = (): Site => ({ source: { index, reports, title, now: new Date() }, script });
  return {
    site: async () => {
      await refresh();
      return make();
    },
    close: async () => await index.close(),
    serve: async (at: Parameters<typeof servePages>[1]) => await servePages(siteAsOf(make, refresh), at),
    write: async (folder: string, path: string, text: string) =>
      await composeTree(resolve(terminal.cwd, folder)).write(path, text),
  };
}
