import type { Digest } from '#kernel';
import { html, picture, type Exhibit, type Markup, type ModelReport } from '#report';
import { verdictNamed } from '../gather/iterations.ts';
import { section, type Page } from '../page.ts';
import { exhibitPath, from, iterationPath } from '../paths.ts';
import { bearsOut } from '../reports.ts';
import type { Source } from '../source.ts';
import { filmSection } from './film.ts';

/** Where candidate and baseline disagree, as pictures, each with a link to all that is known of it. */
export function exhibitGrid({ exhibits }: ModelReport, id: Digest, path: string): Markup | null {
  if (exhibits.length === 0) return null;
  const group = (change: Exhibit['change'], title: string) => {
    const of = exhibits.flatMap((exhibit, index) => (exhibit.change === change ? [{ exhibit, number: index + 1 }] : []));
    return of.length === 0
      ? null
      : section(
          title,
          html`<div class="grid">
            ${of.map(
              ({ exhibit, number }) =>
                html`<a class="exhibit" href="${from(path, exhibitPath(id, number))}">${picture(exhibit)}</a>`,
            )}
          </div>`,
        );
  };
  return html`${group('lost', 'What got worse')}${group('gained', 'What got better')}`;
}

/** One exhibit, large. */
export async function exhibitPage({ index, reports }: Source, name: string, number: number): Promise<Page | null> {
  const found = await verdictNamed(index, name);
  const report = found === undefined ? null : await reports.find(found.id);
  if (found === undefined || report === null || !bearsOut(report, found.fact)) return null;
  const exhibit = report.exhibits[number - 1];
  if (exhibit === undefined) return null;
  const path = exhibitPath(found.id, number);
  const to = (other: number) => (report.exhibits[other - 1] === undefined ? null : from(path, exhibitPath(found.id, other)));
  const main = html`<p class="overline">
      <a href="${from(path, iterationPath(found.id))}">${report.model} ${found.fact.head.slice(0, 9)}</a>
    </p>
    <h1 class="small">${exhibit.caption}</h1>
    ${
      exhibit.film === undefined
        ? html`<div class="large">${picture(exhibit)}</div>`
        : html`<p class="muted">${exhibit.dataset} · ${exhibit.sample}</p>
            ${filmSection(exhibit.film)}`
    }
    <nav aria-label="Exhibits">
      <ul class="links">
        ${to(number - 1) !== null && html`<li><a rel="prev" href="${to(number - 1)}">Previous</a></li>`}
        <li>${number} of ${report.exhibits.length}</li>
        ${to(number + 1) !== null && html`<li><a rel="next" href="${to(number + 1)}">Next</a></li>`}
      </ul>
    </nav>`;
  return { path, title: `${exhibit.caption}: ${exhibit.sample}`, main };
}
