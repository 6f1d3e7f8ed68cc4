import { formatGain, html, verdictWord, type Content, type Markup } from '#report';
import { plainTable } from '../charts/draw.ts';
import type { Iteration } from '../gather/iterations.ts';
import { from, iterationPath } from '../paths.ts';
import { gainText, timeTag, unitOf } from '../words.ts';

const COLUMNS = ['Iteration', 'Verdict', 'Judged', 'Research said', 'Predicted for the field', 'The field showed', 'Reached'];

/** Iterations as a table, each with a link to all that is known of it. @param path of the page that it stands on */
export function iterationTable(iterations: readonly Iteration[], path: string): Markup {
  if (iterations.length === 0) return html`<p class="muted">Nothing has been judged yet.</p>`;
  return plainTable(
    COLUMNS,
    iterations.map((each) => rowOf(each, path)),
  );
}

export function iterationLink({ id, verdict }: Pick<Iteration, 'id' | 'verdict'>, path: string): Markup {
  return html`<a href="${from(path, iterationPath(id))}">${verdict.model} ${verdict.head.slice(0, 9)}</a>`;
}

function rowOf(iteration: Iteration, path: string): Content[] {
  const { verdict, predictions } = iteration;
  const [first] = predictions;
  const metric = first?.fact.metric ?? '';
  const research = first?.fact.research ?? null;
  return [
    iterationLink(iteration, path),
    verdictWord(verdict.outcome),
    timeTag(verdict.at),
    research === null ? html`<span class="muted">–</span>` : formatGain(research.value, unitOf(metric)),
    first === undefined ? html`<span class="muted">–</span>` : gainText(first.fact.field, metric),
    first?.outcome == null ? html`<span class="muted">–</span>` : gainText(first.outcome.field, metric),
    reached(iteration),
  ];
}

function reached({ deployments }: Iteration): Content {
  const places = new Set(
    deployments.flatMap(({ wave }) => (wave?.places ?? []).map(({ site, chipset }) => `${site} ${chipset}`)),
  );
  if (deployments.length === 0) return html`<span class="muted">–</span>`;
  return places.size === 0 ? 'the fleet' : `${places.size} ${places.size === 1 ? 'place' : 'places'}`;
}
