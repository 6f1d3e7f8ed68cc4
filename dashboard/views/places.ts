import { html, type Content, type Markup } from '#report';
import { plainTable } from '../charts/draw.ts';
import { compareNames, runningPlaces, type RunningPlace } from '../gather/places.ts';
import type { Page } from '../page.ts';
import { from, iterationPath, PLACES, sitePath } from '../paths.ts';
import type { Source } from '../source.ts';
import { plural, span, timeTag } from '../words.ts';

type State = RunningPlace['state'];

/** A shape and a word for each, so that no state rests on colour alone. */
const MARKS: Readonly<Record<State, readonly [mark: string, tone: string]>> = {
  healthy: ['●', 'pass'],
  failed: ['■', 'fail'],
  progressing: ['◐', 'plain'],
  superseded: ['○', 'hollow'],
  unknown: ['◇', 'inconclusive'],
};
const ORDER: readonly State[] = ['failed', 'unknown', 'progressing', 'superseded', 'healthy'];

export async function placesPage({ index, now }: Source): Promise<Page> {
  const places = await runningPlaces(index);
  const bySite = places.toSorted((a, b) => ORDER.indexOf(a.state) - ORDER.indexOf(b.state) || compareNames(a.site, b.site));
  const main = html`<h1>What runs where</h1>
    <p class="lead">
      ${places.length === 0 ? 'No deployment has been recorded.' : html`${plural(places.length, 'place')}: ${stateCounts(places)}.`}
    </p>
    ${places.length > 0 && placeTable(bySite, PLACES, now)}`;
  return { path: PLACES, title: 'What runs where', main };
}

export function stateWord(state: State): Markup {
  const [mark, tone] = MARKS[state];
  return html`<span class="word ${tone}"><span aria-hidden="true">${mark}</span> ${state}</span>`;
}

/** `3 failed, 40 healthy`. */
export function stateCounts(places: readonly RunningPlace[]): Content {
  const counted = ORDER.flatMap((state) => {
    const count = places.filter((place) => place.state === state).length;
    return count === 0 ? [] : [html`${count} ${stateWord(state)}`];
  });
  return counted.map((each, index) => html`${index > 0 && ', '}${each}`);
}

export function placeTable(places: readonly RunningPlace[], path: string, now: Date): Markup {
  return plainTable(
    ['Site', 'Chipset', 'Model', 'State', 'Since', 'For', 'Release'],
    places.map(({ site, chipset, model, state, reason, since, verdict, fleetCommit }) => [
      html`<a href="${from(path, sitePath(site))}">${site}</a>`,
      chipset,
      model,
      html`${stateWord(state)}${state !== 'healthy' && html`<small>${reason}</small>`}`,
      timeTag(since),
      span(since, now),
      verdict === null
        ? fleetCommit.slice(0, 9)
        : html`<a href="${from(path, iterationPath(verdict))}">${fleetCommit.slice(0, 9)}</a>`,
    ]),
  );
}
