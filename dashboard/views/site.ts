import * as Plot from '@observablehq/plot';
import type { LabelledFact } from '#history';
import { html, type Markup } from '#report';
import { chart } from '../charts/draw.ts';
import { runningPlaces } from '../gather/places.ts';
import { section, type Page } from '../page.ts';
import { sitePath, slugOf } from '../paths.ts';
import type { Source } from '../source.ts';
import { dayOf, plural } from '../words.ts';
import { alarmChart, alarmTable, allAlarms } from './alarms.ts';
import { placeTable } from './places.ts';

export async function sitesOf({ index }: Source): Promise<string[]> {
  const places = await runningPlaces(index);
  return [...new Set([...places.map(({ site }) => site), ...(await index.sites())])];
}

/** One site: what runs there, what it warned of, and how much of what happened there is found. */
export async function sitePage(source: Source, slug: string): Promise<Page | null> {
  const site = (await sitesOf(source)).find((name) => slugOf(name) === slug);
  if (site === undefined) return null;
  const { index, now } = source;
  const path = sitePath(site);
  const places = (await runningPlaces(index)).filter((place) => place.site === site);
  const alarms = await allAlarms(index, site);
  const labelled = (await index.find({ kinds: ['labelled'], site })).map(({ fact }) => fact);
  const main = html`<p class="overline">Site</p>
    <h1>${site}</h1>
    ${section('What runs there', places.length === 0 ? html`<p class="muted">Nothing that was recorded.</p>` : placeTable(places, path, now))}
    ${section('Alarms', alarms.length === 0 ? html`<p class="muted">None.</p>` : html`${alarmChart(alarms.slice(-60), now)}${alarmTable(alarms.slice(-30).toReversed(), path)}`)}
    ${labelled.length > 0 && section('What was found of what people labelled', found(labelled))}`;
  return { path, title: site, main };
}

function found(labelled: readonly LabelledFact[]): Markup {
  const nights = labelled.map(({ night, model, clips }) => {
    const weighted = (of: 'truth' | 'found') => clips.reduce((sum, clip) => sum + clip[of] / clip.probability, 0);
    const truth = weighted('truth');
    return { night: new Date(night), model, share: truth === 0 ? null : weighted('found') / truth, clips: clips.length };
  });
  const known = nights.filter(({ share }) => share !== null);
  return chart({
    words: `Of the events in a random sample, the share that was found, in ${plural(known.length, 'night')}.`,
    options: {
      width: 960,
      height: 260,
      marginLeft: 50,
      x: { type: 'utc', label: null },
      y: { domain: [0, 100], grid: true, label: '↑ share of events found', percent: true },
      marks: [
        Plot.line(known, { x: 'night', y: 'share', stroke: 'var(--candidate)', z: 'model' }),
        Plot.dot(known, { x: 'night', y: 'share', fill: 'var(--candidate)', r: 3, title: 'model' }),
      ],
    },
    table: {
      columns: ['Night', 'Model', 'Found', 'Clips'],
      rows: known
        .toReversed()
        .map(({ night, model, share, clips }) => [dayOf(night), model, `${Math.round(100 * (share ?? 0))}%`, clips]),
    },
  });
}
