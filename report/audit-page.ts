import type { AuditedChange, AuditedGate, AuditedModel, AuditReport } from './documents/audit-report.ts';
import { costWords, gateWords, RATE_ROWS, rateWords, wakesWords } from './audit-words.ts';
import { detectionCurve } from './html/detection-curve.ts';
import { verdictWord } from './html/marks.ts';
import { pageOf } from './html/page.ts';
import { style } from './html/style.ts';
import { html, type Markup } from './html/template.ts';

const auditStyle = `.curves{display:grid;grid-template-columns:repeat(auto-fill,minmax(min(440px,100%),1fr));gap:16px}
.curves .card{max-width:none;padding:12px 14px 8px}.curves figcaption{margin:0}.curve{display:block;width:100%;height:auto;margin-top:4px}
.plain td:nth-child(3){white-space:nowrap}`.replaceAll('\n', '');

/** How often the gates err on the team's own data, and from which loss on they are awake, as a page. */
export function renderAuditPage(report: AuditReport): string {
  const names = report.models.map(({ model }) => model).join(', ');
  const main = html`${report.models.map((model) => modelSection(model, report))}
    <footer>
      <p>
        Known-bad changes are made of the deployed model; each is judged by the gates that judge pull requests. Seed
        ${report.seed}. This page holds all it shows and fetches nothing. What is done, and what is assumed: docs/audit.md.
      </p>
    </footer>`;
  return pageOf({ title: `${names}: gates audited by Fieldproof`, style: style + auditStyle, main });
}

function modelSection(model: AuditedModel, { at, ref, runner }: AuditReport): Markup {
  return html`<section>
      <p class="overline">
        The gates audited on ${at.slice(0, 10)} at ${ref.slice(0, 12)}, on ${model.chipset}; ${runner.name} runner,
        ${runner.sandboxed ? 'sandboxed' : 'not sandboxed'}
      </p>
      <h2>${model.model}</h2>
      <table class="plain">
        <tbody>
          ${RATE_ROWS.map(
            ({ words, of }) =>
              html`<tr>
                <th scope="row">${words}</th>
                <td class="number"><b>${rateWords(of(model))}</b></td>
              </tr>`,
          )}
        </tbody>
      </table>
      <p class="meta muted">In brackets the 90% interval of the share. Each is of all gates together.</p>
    </section>
    <section>
      <h3>From which loss on the gates are awake</h3>
      <div class="curves">${model.gates.map(gateFigure)}</div>
    </section>
    <section>
      <h3>Known-bad changes, made of the whole model</h3>
      <table class="plain">
        <thead>
          <tr>
            <th scope="col">Change</th>
            <th scope="col">How much of it</th>
            <th scope="col">Verdict</th>
            <th scope="col">What it cost most</th>
          </tr>
        </thead>
        <tbody>
          ${model.changes.map(changeRows)}
        </tbody>
      </table>
    </section>`;
}

function gateFigure(gate: AuditedGate): Markup {
  return html`<figure class="card">
    <figcaption>
      <b>${gateWords(gate)}</b><small>${wakesWords(gate)}${gate.insufficient !== null && html`<br />${gate.insufficient}`}</small>
    </figcaption>
    ${gate.doses.length > 0 && detectionCurve(gate)}
  </figure>`;
}

function changeRows({ title, steps, left }: AuditedChange): Markup {
  if (left !== null) {
    return html`<tr>
      <th scope="row">${title}</th>
      <td class="muted" colspan="3">does not apply: ${left}</td>
    </tr>`;
  }
  return html`${steps.map(
    (step, index) =>
      html`<tr>
        <th scope="row">${index === 0 && title}</th>
        <td>${step.strength}</td>
        <td>${step.outcome === 'refused' ? 'could not run' : verdictWord(step.outcome)}</td>
        <td class="muted">${costWords(step)}</td>
      </tr>`,
  )}`;
}
