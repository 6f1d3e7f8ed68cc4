import type { CheckReport, ModelReport } from './documents/check-report.ts';
import { exhibitsSection } from './html/exhibits.ts';
import { forest } from './html/forest.ts';
import { latencyPanel } from './html/latency.ts';
import { verdictWord, WORD } from './html/marks.ts';
import { comparedSection, notesList, predictionSection, sitesSection } from './html/sections.ts';
import { style } from './html/style.ts';
import { pageOf } from './html/page.ts';
import { html, type Markup } from './html/template.ts';
import { verdictSection } from './html/verdict.ts';

/** A check as a page: the verdict, what is behind it, and the pictures of what got worse. */
export function renderHtml(report: CheckReport): string {
  const names = report.models.map(({ model }) => model).join(', ');
  const main = html`${verdictSection(report)}${report.models.map((model) => modelSection(model, report.models.length > 1))}${comparedSection(report)}${footer(report)}`;
  return pageOf({ title: `${WORD[report.outcome]}: ${names}, a Fieldproof check`, style, main });
}

function modelSection(model: ModelReport, several: boolean): Markup {
  const history = {
    first: 'First release: judged by its bounds alone.',
    change: null,
    unchanged: 'It is the very release that it is compared with: it passes by identity.',
  }[model.history];
  return html`${several && html`<section><h2 class="model">${model.model} ${verdictWord(model.outcome)}</h2></section>`}
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
