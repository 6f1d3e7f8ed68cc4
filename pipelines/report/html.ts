import type { CheckReport, ModelReport } from './check-report.ts';
import { exhibitsSection } from './html/exhibits.ts';
import { forest } from './html/forest.ts';
import { latencyPanel } from './html/latency.ts';
import { verdictWord, WORD } from './html/marks.ts';
import { comparedSection, notesList, predictionSection, sitesSection } from './html/sections.ts';
import { style } from './html/style.ts';
import { html, trusted, type Markup } from './html/template.ts';
import { verdictSection } from './html/verdict.ts';

/**
 * One self-contained page: no script, nothing fetched. Its content security policy forbids both, so that even a hole in the
 * escaping could not act.
 */
export function renderHtml(report: CheckReport): string {
  const names = report.models.map(({ model }) => model).join(', ');
  const page = html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; img-src data:" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        <meta name="referrer" content="no-referrer" />
        <link rel="icon" href="data:," />
        <title>${WORD[report.outcome]}: ${names}, a Fieldproof check</title>
        <style>
          ${trusted(style)}
        </style>
      </head>
      <body>
        <main>
          ${verdictSection(report)}${report.models.map((model) => modelSection(model, report.models.length > 1))}${comparedSection(report)}${footer(report)}
        </main>
      </body>
    </html> `;
  return page.text;
}

function modelSection(model: ModelReport, several: boolean): Markup {
  const history = {
    first: 'First release: judged by its bounds alone.',
    change: null,
    unchanged: 'This release is what is deployed already: it passes by identity.',
  }[model.history];
  return html`${several && html`<h2 class="model">${model.model} ${verdictWord(model.outcome)}</h2>`}
    <section>
      <h3>Gates</h3>
      ${history !== null && html`<p>${history}</p>`}${forest(model.findings)}
    </section>
    ${exhibitsSection(model)}${predictionSection(model)}
    ${
      model.latency.length > 0 &&
      html`<section>
        <h3>Latency</h3>
        ${model.latency.map(latencyPanel)}
      </section>`
    }
    ${sitesSection(model)}${
      model.notes.length > 0 &&
      html`<section>
        <h3>Notes</h3>
        ${notesList(model.notes)}
      </section>`
    }`;
}

function footer({ models, version }: CheckReport): Markup {
  const records = models.map(({ model, record, proposal }) => {
    const proposed =
      proposal === null
        ? 'nothing proposed to the fleet'
        : `proposed as ${proposal.branch} in ${proposal.repository} (${proposal.commit.slice(0, 12)})`;
    return html`<p>${model}: ${proposed}. Record ${record === null ? 'not written' : html`<code>${record}</code>`}</p>`;
  });
  return html`<footer>
    ${records}
    <p>Report format ${version}. This page holds all it shows and fetches nothing.</p>
  </footer>`;
}
