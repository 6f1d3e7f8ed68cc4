import { asideNote } from '#history';
import { pageText } from './page.ts';
import { allPaths, pageAt } from './routes.ts';
import type { Source } from './source.ts';
import { dashboardStyle } from './style.ts';

/** A file of the site, as it is served or written. */
export type SiteFile = { path: string; type: 'html' | 'css' | 'js'; text: string };

/** @param script what the page runs, as one file: see page/ */
export type Site = { source: Source; script: string };

/** What lies at a path of the site; null where nothing does. */
export async function fileAt(path: string, { source, script }: Site): Promise<SiteFile | null> {
  if (path === 'style.css') return { path, type: 'css', text: dashboardStyle };
  if (path === 'page.js') return { path, type: 'js', text: script };
  const page = await pageAt(path, source);
  return page === null ? null : { path, type: 'html', text: pageText(page, await frameOf(source)) };
}

/** All of it, file by file. */
export async function* allFiles(site: Site): AsyncGenerator<SiteFile> {
  for (const path of ['style.css', 'page.js']) yield* present(await fileAt(path, site));
  for await (const path of allPaths(site.source)) yield* present(await fileAt(path, site));
}

function present(file: SiteFile | null): SiteFile[] {
  return file === null ? [] : [file];
}

async function frameOf({ index, reports, title, now }: Source): Promise<{ name: string; note: string | null }> {
  const mark = await index.mark();
  const end =
    mark === null
      ? 'The ledger is empty.'
      : `As of entry ${mark.head.seq} of the ledger, made ${now.toISOString().slice(0, 16).replace('T', ' ')} UTC.`;
  const notes = [end, mark === null ? null : asideNote(mark.aside), ...(await reports.notes())];
  return { name: title, note: notes.filter((note) => note !== null).join(' ') };
}
