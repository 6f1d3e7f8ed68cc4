import { html, type Content, type Markup } from '#report';
import { fieldRows } from '../gather/field-rows.ts';
import { iterationsOf } from '../gather/iterations.ts';
import { runningPlaces, type RunningPlace } from '../gather/places.ts';
import { section, type Page } from '../page.ts';
import { ALARMS, FIELD, from, OVERVIEW, PLACES, sitePath } from '../paths.ts';
import type { Source } from '../source.ts';
import { plural, span, timeTag } from '../words.ts';
import { alarmTable, openAlarms } from './alarms.ts';
import { fieldChart } from './field.ts';
import { iterationTable } from './iteration-rows.ts';
import { placeTable, stateCounts } from './places.ts';

const LATEST = 10;
const WAITING = 12;

/** What a head of vision looks at first: how the fleet is, what was decided last, and whether predictions hold. */
export async function overview(source: Source): Promise<Page> {
  const { index, title } = source;
  const places = await runningPlaces(index);
  const verdicts = await index.find({ kinds: ['verdict'], newestFirst: true, page: { skip: 0, limit: LATEST } });
  const total = await index.count({ kinds: ['verdict'] });
  const main = html`<h1>${title}</h1>
    <p class="lead">${await summary(source, places, total)}</p>
    ${await fleet(source, places)}
    ${section(
      'The last iterations',
      iterationTable(await iterationsOf(index, verdicts), OVERVIEW),
      html`<p><a href="iterations/latest.html">All ${plural(total, 'iteration')}</a></p>`,
    )}
    ${await field(source)} ${await alarms(source)}`;
  return { path: OVERVIEW, title: 'Overview', main };
}

async function summary({ index, now }: Source, places: readonly RunningPlace[], total: number): Promise<Content> {
  const [last] = await index.find({ kinds: ['verdict'], newestFirst: true, page: { skip: 0, limit: 1 } });
  if (last === undefined) return 'Nothing has been judged yet. The first check writes the first entry.';
  const failed = places.filter(({ state }) => state === 'failed').length;
  const fleetWords = places.length === 0 ? 'nothing is deployed' : `${plural(places.length, 'place')} run a model`;
  const trouble = failed === 0 ? '' : `, ${failed} of them with a failed rollout`;
  return html`${plural(total, 'iteration')} judged, the last ${span(last.fact.at, now)} ago; ${fleetWords}${trouble}.`;
}

async function fleet({ now }: Source, places: readonly RunningPlace[]): Promise<Markup> {
  if (places.length === 0) return section('What runs where', html`<p class="muted">No deployment has been recorded.</p>`);
  const models = [...Map.groupBy(places, ({ model }) => model)].map(
    ([model, of]) =>
      html`<div class="card">
        <h3>${model}</h3>
        <p>${stateCounts(of)}</p>
        <p class="muted">
          last changed
          ${timeTag(
            of
              .map(({ since }) => since)
              .toSorted()
              .at(-1) ?? '',
          )}
        </p>
      </div>`,
  );
  const waiting = places.filter(({ state }) => state !== 'healthy').toSorted((a, b) => (a.since < b.since ? 1 : -1));
  return section(
    'What runs where',
    html`<div class="cards">${models}</div>`,
    waiting.length > 0 &&
      html`<h3>Not known to be healthy</h3>
        ${placeTable(waiting.slice(0, WAITING), OVERVIEW, now)}`,
    html`<p><a href="${from(OVERVIEW, PLACES)}">All ${plural(places.length, 'place')}</a></p>`,
  );
}

async function field({ index }: Source): Promise<Markup> {
  const all = await fieldRows(index, { last: 150 });
  // One scale holds one metric: the one that was predicted last.
  const rows = all.filter(({ metric }) => metric === all.at(-1)?.metric);
  return section('Research against field', fieldChart(rows, OVERVIEW), html`<p><a href="${FIELD}">By model and metric</a></p>`);
}

async function alarms({ index }: Source): Promise<Markup> {
  const open = await openAlarms(index);
  const sites = [...new Set(open.map(({ fact }) => fact.site))];
  const where = sites.slice(0, 8).map((site) => html`<li><a href="${from(OVERVIEW, sitePath(site))}">${site}</a></li>`);
  return section(
    'Alarms that stand',
    open.length === 0 ? html`<p class="muted">None.</p>` : alarmTable(open.slice(-WAITING).toReversed(), OVERVIEW),
    sites.length > 0 &&
      html`<ul class="links">
        ${where}
      </ul>`,
    html`<p><a href="${ALARMS}">All alarms</a></p>`,
  );
}
