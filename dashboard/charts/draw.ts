import * as Plot from '@observablehq/plot';
import { parseHTML } from 'linkedom';
import { html, Markup, type Content } from '#report';

/**
 * Charts are drawn by Observable Plot where the page is made, into a document that is no browser's: what arrives is a picture that needs no
 * script, can be printed, and whose marks are links. All text in it is put there as text, so nothing of it is ever markup.
 */
const IN_MEMORY = parseHTML('<!doctype html><html><body></body></html>').document as unknown as NonNullable<
  Plot.PlotOptions['document']
>;

export type Chart = {
  /** What is seen, in one sentence. */
  words: string;
  options: Plot.PlotOptions;
  /** The same as numbers, for who cannot see it. */
  table: { columns: readonly string[]; rows: readonly (readonly Content[])[] };
};

/** Rows that the table below a chart has. */
const ROWS = 60;

export function chart({ words, options, table }: Chart): Markup {
  const drawn = Plot.plot({ ...options, document: IN_MEMORY, style: { background: 'none' } });
  const more = table.rows.length > ROWS ? html`<p class="muted">The first ${ROWS} of ${table.rows.length}.</p>` : null;
  return html`<figure class="plot-figure">
    <figcaption>${words}</figcaption>
    ${asMarkup(drawn)}
    <details>
      <summary>As a table</summary>
      ${more}${plainTable(table.columns, table.rows.slice(0, ROWS))}
    </details>
  </figure>`;
}

export function plainTable(columns: readonly string[], rows: readonly (readonly Content[])[]): Markup {
  return html`<div class="scroll" tabindex="0" role="region" aria-label="table">
    <table class="plain">
      <thead>
        <tr>
          ${columns.map((column) => html`<th scope="col">${column}</th>`)}
        </tr>
      </thead>
      <tbody>
        ${rows.map(
          ([first = '', ...rest]) =>
            html`<tr>
              <th scope="row">${first}</th>
              ${rest.map((cell) => html`<td>${cell}</td>`)}
            </tr>`,
        )}
      </tbody>
    </table>
  </div>`;
}

type DrawnElement = {
  outerHTML: string;
  querySelectorAll: (selector: string) => Iterable<DrawnElement>;
  remove: () => void;
  removeAttribute: (name: string) => void;
  setAttribute: (name: string, value: string) => void;
};

/** Its style sheet is ours, for a page may hold none of its own: see the policy in page.ts. */
function asMarkup(drawn: DrawnElement): Markup {
  for (const sheet of drawn.querySelectorAll('style')) sheet.remove();
  for (const each of [drawn, ...drawn.querySelectorAll('[style]')]) each.removeAttribute('style');
  // Who hears the page has the sentence and the table; a hundred marks would be a hundred stops for the keyboard.
  for (const link of drawn.querySelectorAll('a')) link.setAttribute('tabindex', '-1');
  drawn.setAttribute('aria-hidden', 'true');
  return new Markup(drawn.outerHTML);
}
