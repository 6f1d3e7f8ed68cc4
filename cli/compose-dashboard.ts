import { basename, resolve } from 'node:path';
import { noReports, siteAsOf, type Site } from '#dashboard';
import { fileReports, pageScript, servePages } from '#dashboard/adapters';
import { readOldProcess } from '#history';
import { composeIndex, type IndexOptions } from './compose-index.ts';
import { composeTree } from './compose-tree.ts';
import type { Terminal } from './terminal.ts';

export type DashboardOptions = IndexOptions & { reports?: string; title?: string; before?: string };

/** All that a dashboard shows, and where it is shown. */
export async function composeDashboard(options: DashboardOptions, terminal: Terminal) {
  const { index, refresh } = await composeIndex(options, terminal);
  const reports = options.reports === undefined ? noReports : fileReports(resolve(terminal.cwd, options.reports));
  const title = options.title ?? basename(resolve(terminal.cwd, options.repo));
  const script = await pageScript();
  const before =
    options.before === undefined ? [] : readOldProcess(await composeTree(terminal.cwd).read(options.before), options.before);
  const make = (): Site => ({ source: { index, reports, title, now: new Date(), before }, script });
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
