import * as Plot from '@observablehq/plot';
import type { AlarmFact, HistoryIndex, Recorded } from '#history';
import { html, type Markup } from '#report';
import { chart, plainTable } from '../charts/draw.ts';
import { ALARMS, from, sitePath } from '../paths.ts';
import { section, type Page } from '../page.ts';
import type { Source } from '../source.ts';
import { dayOf, plural } from '../words.ts';

type Alarm = Recorded<AlarmFact>;

const SHOWN = 200;

/** The last word on each alarm of a site and signal: those that stand. */
export async function openAlarms(index: HistoryIndex, site?: string): Promise<Alarm[]> {
  const last = await index.find({ kinds: ['shift', 'drift'], latest: true, ...(site === undefined ? {} : { site }) });
  return last.filter(({ fact }) => fact.state === 'raised');
}

/** Each alarm once, ended or not, oldest first. */
export async function allAlarms(index: HistoryIndex, site?: string): Promise<Alarm[]> {
  const facts = await index.find({ kinds: ['shift', 'drift'], ...(site === undefined ? {} : { site }) });
  const byAlarm = new Map(facts.map((each) => [keyOf(each.fact), each]));
  return [...byAlarm.values()];
}

export async function alarmsPage({ index, now }: Source): Promise<Page> {
  const all = await allAlarms(index);
  const open = all.filter(({ fact }) => fact.state === 'raised');
  const words =
    all.length === 0
      ? 'No alarm was ever raised.'
      : `${plural(all.length, 'alarm')} raised, of which ${open.length === 1 ? '1 stands' : `${open.length} stand`}.`;
  const main = html`<h1>Alarms</h1>
    <p class="lead">
      ${words} A <i>shift</i> says that a model sees something else than before; a <i>drift</i>, that it finds fewer events than
      it should.
    </p>
    ${all.length > 0 && alarmChart(all.slice(-SHOWN), now)}
    ${open.length > 0 && section('Those that stand', alarmTable(open.toReversed(), ALARMS))}
    ${
      all.length > open.length &&
      section(
        'The last that ended',
        alarmTable(
          all
            .filter(({ fact }) => fact.state === 'ended')
            .slice(-40)
            .toReversed(),
          ALARMS,
        ),
      )
    }`;
  return { path: ALARMS, title: 'Alarms', main };
}

export function alarmTable(alarms: readonly Alarm[], path: string): Markup {
  return plainTable(
    ['Site', 'Model', 'What changed', 'Since the night of', 'Before and since', 'Ended'],
    alarms.map(({ fact }) => [
      html`<a href="${from(path, sitePath(fact.site))}">${fact.site}</a>`,
      fact.model,
      html`${fact.kind}: ${fact.signal}<small>${fact.slice}</small>`,
      fact.started,
      `${number(fact.before)} → ${number(fact.since)}`,
      fact.ended === null ? html`<b>stands</b>` : html`${fact.ended}<small>${fact.why ?? ''}</small>`,
    ]),
  );
}

/** Each alarm as a bar from the night it began to the night it ended, in the row of its site. */
export function alarmChart(alarms: readonly Alarm[], now: Date): Markup {
  const bars = alarms.map(({ fact }) => ({
    site: fact.site.slice(0, 40),
    from: new Date(fact.started),
    to: new Date(fact.ended ?? now),
    kind: fact.ended === null ? `${fact.kind}, stands` : `${fact.kind}, ended`,
    tip: `${fact.site}: ${fact.signal} of ${fact.model}, ${fact.started} to ${fact.ended ?? 'now'}`,
  }));
  const sites = new Set(bars.map(({ site }) => site));
  const shown = bars.filter(({ site }) => [...sites].slice(-40).includes(site));
  return chart({
    words: `${plural(alarms.length, 'alarm')} at ${plural(sites.size, 'site')}, from the night each began to the night it ended.`,
    options: {
      width: 960,
      height: 60 + 18 * Math.min(40, sites.size),
      marginLeft: 120,
      x: { type: 'utc', label: null, grid: true },
      y: { type: 'band', label: null },
      marks: [
        Plot.barX(shown, {
          x1: 'from',
          x2: 'to',
          y: 'site',
          title: 'tip',
          rx: 2,
          insetTop: 3,
          insetBottom: 3,
          className: 'alarm-bars',
          fill: (each: (typeof bars)[number]) => (each.kind.endsWith('stands') ? 'var(--fail)' : 'var(--baseline)'),
        }),
      ],
    },
    table: {
      columns: ['Site', 'What', 'From', 'To'],
      rows: shown.map(({ site, kind, from: begun, to }) => [site, kind, dayOf(begun), dayOf(to)]),
    },
  });
}

function keyOf({ kind, model, site, signal, slice, raised }: AlarmFact): string {
  return JSON.stringify([kind, model, site, signal, slice, raised]);
}

function number(value: number): string {
  return Number(value.toPrecision(3)).toString();
}
