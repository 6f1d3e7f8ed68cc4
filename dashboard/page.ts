import { html, trusted, type Content, type Markup } from '#report';
import { ALARMS, CALIBRATION, CHIPSETS, CLOCK, FIELD, from, OVERVIEW, PLACES } from './paths.ts';

export type Page = {
  /** Where it lies. */
  path: string;
  title: string;
  main: Content;
};

const VIEWS: readonly (readonly [path: string, name: string])[] = [
  [OVERVIEW, 'Overview'],
  [PLACES, 'What runs where'],
  ['iterations/latest.html', 'Iterations'],
  [FIELD, 'Research and field'],
  [CALIBRATION, 'Calibration'],
  [CLOCK, 'The clock'],
  [CHIPSETS, 'Chipsets'],
  [ALARMS, 'Alarms'],
];

/**
 * Nothing but what lies beside the page is loaded, and no script or style that stands in it is run: text that slipped through the escaping
 * could still do nothing.
 */
export const POLICY =
  "default-src 'none'; style-src 'self'; script-src 'self'; img-src data:; base-uri 'none'; form-action 'none'";

/** A page with what all of them share: where one is, where one can go, and the way past that for who hears it read. */
export function pageText({ path, title, main }: Page, { name, note }: { name: string; note: string | null }): string {
  const to = (other: string) => from(path, other);
  const links = VIEWS.map(([view, words]) => {
    const current = isWithin(path, view) ? html` aria-current="page"` : null;
    return html`<li><a href="${to(view)}" ${current}>${words}</a></li>`;
  });
  return html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta http-equiv="Content-Security-Policy" content="${trusted(POLICY)}" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        <meta name="referrer" content="no-referrer" />
        <link rel="icon" href="data:," />
        <link rel="stylesheet" href="${to('style.css')}" />
        <script src="${to('page.js')}" defer></script>
        <title>${title} · ${name}</title>
      </head>
      <body>
        <a class="skip" href="#main">Skip to the content</a>
        <header class="top">
          <a class="brand" href="${to(OVERVIEW)}">${name}</a>
          <nav aria-label="Views">
            <ul>
              ${links}
            </ul>
          </nav>
        </header>
        <main id="main" tabindex="-1">${main}</main>
        <footer class="foot">
          ${note !== null && html`<p>${note}</p>`}
          <p>This page only shows. It is made of the ledger, and fetches nothing from elsewhere.</p>
        </footer>
      </body>
    </html> `.text;
}

function isWithin(path: string, view: string): boolean {
  if (view.startsWith('iterations/')) return path.startsWith('iteration');
  if (view === PLACES && path.startsWith('site/')) return true;
  return path === view;
}

/** A heading and what stands under it. */
export function section(title: Content, ...content: readonly Content[]): Markup {
  return html`<section>
    <h2>${title}</h2>
    ${content}
  </section>`;
}
