import { html, type Content, type Markup } from '#report';
import { iterationsOf, modelsOf } from '../gather/iterations.ts';
import type { Page } from '../page.ts';
import { from, iterationsPath } from '../paths.ts';
import type { Source } from '../source.ts';
import { plural } from '../words.ts';
import { iterationTable } from './iteration-rows.ts';

/** Iterations on a page. */
export const PAGE = 100;

export function pagesOf(count: number): number {
  return Math.max(1, Math.ceil(count / PAGE));
}

/**
 * One page of the iterations, of all models or of one, the newest first. Pages count from the first iterations on.
 * @param page null: the last ones, whatever page they are on
 */
export async function iterationsPage(
  { index }: Source,
  { model, page }: { model: string | null; page: number | null },
  path: string,
): Promise<Page | null> {
  const ofModel = model === null ? {} : { model };
  const count = await index.count({ kinds: ['verdict'], ...ofModel });
  const pages = pagesOf(count);
  if (page !== null && page > pages) return null;
  const skip = page === null ? Math.max(0, count - PAGE) : (page - 1) * PAGE;
  const verdicts = await index.find({ kinds: ['verdict'], ...ofModel, page: { skip, limit: PAGE } });
  const models = await modelsOf(index);
  const main = html`<h1>Iterations${model !== null && html` of ${model}`}</h1>
    <p class="lead">
      ${plural(count, 'change')}
      judged${pages > 1 && (page === null ? `; the last ${PAGE} of them` : `; page ${page} of ${pages}, which count from the first on`)}.
    </p>
    ${models.length > 1 && modelLinks(models, model, path)}${pageLinks({ pages, page, model }, path)}
    ${iterationTable(await iterationsOf(index, verdicts.toReversed()), path)} ${pageLinks({ pages, page, model }, path)}`;
  return { path, title: `Iterations${model === null ? '' : ` of ${model}`}${page === null ? '' : `, page ${page}`}`, main };
}

function modelLinks(models: readonly string[], current: string | null, path: string): Markup {
  const link = (to: string, words: string, here: boolean): Content =>
    html`<li>${here ? html`<b aria-current="true">${words}</b>` : html`<a href="${from(path, to)}">${words}</a>`}</li>`;
  return html`<nav aria-label="Models">
    <ul class="links">
      ${link('iterations/latest.html', 'all models', current === null)}
      ${models.slice(0, 50).map((model) => link(iterationsPath(1, model).replace(/1\.html$/, 'latest.html'), model, model === current))}
    </ul>
  </nav>`;
}

function pageLinks(
  { pages, page, model }: { pages: number; page: number | null; model: string | null },
  path: string,
): Markup | null {
  if (pages === 1) return null;
  const shown = page ?? pages;
  const near = [1, shown - 2, shown - 1, shown, shown + 1, shown + 2, pages].filter((each) => each >= 1 && each <= pages);
  const links = [...new Set(near)]
    .toSorted((a, b) => b - a)
    .map((each) =>
      each === page
        ? html`<li><b aria-current="page">${each}</b></li>`
        : html`<li><a href="${from(path, iterationsPath(each, model))}" ${relation(each, page ?? pages + 1)}>${each}</a></li>`,
    );
  return html`<nav aria-label="Pages">
    <ul class="links">
      ${links}
    </ul>
  </nav>`;
}

/** Newer pages have higher numbers, and come before. */
function relation(page: number, shown: number): Markup | null {
  if (page === shown + 1) return html`rel="prev"`;
  return page === shown - 1 ? html`rel="next"` : null;
}
