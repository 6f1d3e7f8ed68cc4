import type { HistoryIndex } from '#history';
import { modelsOf } from './gather/iterations.ts';
import type { Page } from './page.ts';
import {
  ALARMS,
  CALIBRATION,
  CHIPSETS,
  CLOCK,
  exhibitPath,
  FIELD,
  iterationPath,
  iterationsPath,
  OVERVIEW,
  PLACES,
  sitePath,
  slugOf,
} from './paths.ts';
import { bearsOut } from './reports.ts';
import type { Source } from './source.ts';
import { alarmsPage } from './views/alarms.ts';
import { calibrationPage } from './views/calibration.ts';
import { chipsetsPage } from './views/chipsets.ts';
import { clockPage } from './views/clock.ts';
import { exhibitPage } from './views/exhibits.ts';
import { fieldPage } from './views/field.ts';
import { iterationPage } from './views/iteration.ts';
import { iterationsPage, pagesOf } from './views/iterations.ts';
import { overview } from './views/overview.ts';
import { placesPage } from './views/places.ts';
import { sitePage, sitesOf } from './views/site.ts';

type View = (source: Source) => Promise<Page>;

const VIEWS: ReadonlyMap<string, View> = new Map([
  [OVERVIEW, overview],
  [PLACES, placesPage],
  [FIELD, fieldPage],
  [CALIBRATION, calibrationPage],
  [CLOCK, clockPage],
  [CHIPSETS, chipsetsPage],
  [ALARMS, alarmsPage],
]);

/** The page at a path; null where there is none. */
export async function pageAt(path: string, source: Source): Promise<Page | null> {
  const view = VIEWS.get(path);
  if (view !== undefined) return await view(source);
  const [, room = '', inner = ''] = /^(iterations|iteration|site)\/(.{1,200})\.html$/.exec(path) ?? [];
  if (room === 'site') return await sitePage(source, inner);
  if (room === 'iterations') return await iterationsAt(inner, source, path);
  const [, name = '', number = null] = /^([0-9a-f]{24})(?:\/([1-9]\d{0,3}))?$/.exec(inner) ?? [];
  if (room !== 'iteration' || name === '') return null;
  return number === null ? await iterationPage(source, name) : await exhibitPage(source, name, Number(number));
}

async function iterationsAt(inner: string, source: Source, path: string): Promise<Page | null> {
  const [, slug = null, shown = ''] = /^(?:([^/]+)\/)?(latest|[1-9]\d{0,6})$/.exec(inner) ?? [];
  if (shown === '') return null;
  const page = shown === 'latest' ? null : Number(shown);
  if (slug === null) return await iterationsPage(source, { model: null, page }, path);
  const model = (await modelsOf(source.index)).find((name) => slugOf(name) === slug);
  return model === undefined ? null : await iterationsPage(source, { model, page }, path);
}

/** Every path that there is a page at, for whoever writes them all. */
export async function* allPaths(source: Source): AsyncGenerator<string> {
  const { index } = source;
  yield* VIEWS.keys();
  yield* await listPaths(index, null);
  for (const model of await modelsOf(index)) yield* await listPaths(index, model);
  for (const site of await sitesOf(source)) yield sitePath(site);
  for (const { id, fact } of await index.find({ kinds: ['verdict'] })) {
    yield iterationPath(id);
    const report = await source.reports.find(id);
    if (report === null || !bearsOut(report, fact)) continue;
    for (const number of report.exhibits.keys()) yield exhibitPath(id, number + 1);
  }
}

async function listPaths(index: HistoryIndex, model: string | null): Promise<string[]> {
  const pages = pagesOf(await index.count({ kinds: ['verdict'], ...(model === null ? {} : { model }) }));
  const numbered = Array.from({ length: pages }, (_, page) => iterationsPath(page + 1, model));
  return [...numbered, iterationsPath(1, model).replace(/1\.html$/, 'latest.html')];
}
