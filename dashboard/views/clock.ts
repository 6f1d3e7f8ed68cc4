import * as Plot from '@observablehq/plot';
import { clockOf, fourKeysOf, type Clock, type FourKeys, type IterationTimeline, type OldRelease } from '#history';
import { html, type Content, type Markup } from '#report';
import { chart, plainTable } from '../charts/draw.ts';
import { lastTimelines } from '../gather/clock.ts';
import { section, type Page } from '../page.ts';
import { CLOCK, from, iterationPath } from '../paths.ts';
import type { Source } from '../source.ts';
import { lasting, plural } from '../words.ts';

const DAY = 86_400;
/** Iterations that are told of: where time went years ago, nobody can mend. `fieldproof clock` tells of all. */
const MOST = 600;

/** Where the weeks go between the first commit and the field. */
export async function clockPage({ index, now, before }: Source): Promise<Page> {
  const { lives, entries } = await lastTimelines(index, now, MOST);
  const clock = clockOf(lives);
  const keys = fourKeysOf(entries, lives);
  const main = html`<h1>The clock</h1>
    <p class="lead">${summary(clock)}</p>
    ${lives.length === MOST && html`<p class="muted">Of the last ${MOST} iterations; <code>fieldproof clock</code> tells of all.</p>`}
    ${lives.length > 0 && section('Where the time goes', whereItGoes(clock))}
    ${section('From first commit to the field', durations(lives, before))}
    ${clock.worst.length > 0 && section('The longest wait of each month', worst(clock))}
    ${section('Four keys, for models', fourKeys(keys))}`;
  return { path: CLOCK, title: 'The clock', main };
}

function summary({ durations: known, work, waits, gaps }: Clock): Content {
  const all = work + waits + gaps;
  if (all === 0) return 'No iteration has left a trace of its time yet.';
  const shares = `${percent(work / all)} of all time is work, ${percent(waits / all)} waiting, ${percent(gaps / all)} not known`;
  if (known === null) return `None has come to its end in the field yet; ${shares}.`;
  return html`Of ${plural(known.iterations, 'iteration')} that reached the field, half took at most
    <b>${lasting(known.median)}</b>, nine in ten <b>${lasting(known.p90)}</b>; ${shares}.`;
}

function whereItGoes({ byWait, work, gaps }: Clock): Markup {
  const rows = [
    { name: 'work', owner: 'author and machines', seconds: work },
    ...byWait.map(({ name, owner, seconds }) => ({ name: name as string, owner: owner as string, seconds })),
    { name: 'not known', owner: 'a stamp is missing', seconds: gaps },
  ].filter(({ seconds }) => seconds > 0);
  const halved = new Map(
    byWait.map(({ name, whatIfHalved, median, iterations }) => [name as string, { whatIfHalved, median, iterations }]),
  );
  const [longest] = byWait;
  return chart({
    words:
      longest === undefined
        ? 'Nothing but work was told.'
        : `Most waiting is ${longest.name}, which is the ${longest.owner}’s: ${lasting(longest.seconds)} in all.`,
    options: {
      width: 960,
      height: 40 + 26 * rows.length,
      marginLeft: 150,
      x: { label: 'days in all iterations →', grid: true },
      y: { type: 'band', domain: rows.map(({ name }) => name), label: null },
      marks: [
        Plot.barX(rows, {
          x: ({ seconds }: { seconds: number }) => seconds / DAY,
          y: 'name',
          fill: ({ name }: { name: string }) =>
            name === 'work' ? 'var(--pass)' : name === 'not known' ? 'var(--line)' : 'var(--candidate)',
          rx: 2,
          insetTop: 3,
          insetBottom: 3,
        }),
        Plot.text(rows, {
          x: ({ seconds }: { seconds: number }) => seconds / DAY,
          y: 'name',
          text: 'owner',
          textAnchor: 'start',
          dx: 6,
          fill: 'var(--muted)',
        }),
      ],
    },
    table: {
      columns: ['What', 'Whose time', 'In all', 'Iterations', 'Median of one', 'An iteration would take, halved'],
      rows: rows.map(({ name, owner, seconds }) => {
        const more = halved.get(name);
        return [
          name,
          owner,
          lasting(seconds),
          more?.iterations ?? '',
          more === undefined ? '' : lasting(more.median),
          more?.whatIfHalved == null ? '' : lasting(more.whatIfHalved),
        ];
      }),
    },
  });
}

/** Now, and beside it how long it took before, where a team has said so. */
function durations(lives: readonly IterationTimeline[], before: readonly OldRelease[]): Markup {
  const now = lives
    .filter(({ state }) => state === 'field-verified' || state === 'landed')
    .map(({ elapsed }) => ({ how: 'containers and GitOps', days: elapsed / DAY }));
  const old = before.map(({ seconds }) => ({ how: 'before', days: seconds / DAY }));
  const all = [...old, ...now];
  if (all.length === 0) return html`<p class="muted">No iteration has come to its end in the field yet.</p>`;
  const middle = (of: readonly { days: number }[]) =>
    lasting(DAY * (of.map(({ days }) => days).toSorted((a, b) => a - b)[Math.floor(of.length / 2)] ?? 0));
  const told = [
    old.length > 0 && `before, the middle one of ${old.length} took ${middle(old)}`,
    now.length > 0 && `now, of ${now.length}, ${middle(now)}`,
  ];
  return chart({
    words: `${told.filter((each) => each !== false).join('; ')}.`.replace(/^./, (letter) => letter.toUpperCase()),
    options: {
      width: 960,
      height: old.length > 0 ? 170 : 110,
      marginLeft: 150,
      x: {
        label: 'days →',
        grid: true,
        tickFormat: (days: number) => String(days),
        ticks: 6,
        type: all.some(({ days }) => days <= 0) ? 'linear' : 'log',
      },
      y: { label: null, domain: [...new Set(all.map(({ how }) => how))] },
      marks: [Plot.boxX(all, { x: 'days', y: 'how', fill: 'var(--candidate)', fillOpacity: 0.35, stroke: 'var(--ink)', r: 2 })],
    },
    table: {
      columns: ['How', 'Iterations', 'Median'],
      rows: [...Map.groupBy(all, ({ how }) => how)].map(([how, of]) => [how, of.length, middle(of)]),
    },
  });
}

function worst({ worst: months }: Clock): Markup {
  return plainTable(
    ['Month', 'Wait', 'Whose time', 'How long', 'Iteration'],
    months
      .slice(-12)
      .toReversed()
      .map(({ month, name, owner, seconds, verdict, head, model }) => [
        month,
        name,
        owner,
        lasting(seconds),
        html`<a href="${from(CLOCK, iterationPath(verdict))}">${model} ${head.slice(0, 9)}</a>`,
      ]),
  );
}

function fourKeys({ deployments, deploymentsPerWeek, leadTime, changeFailureRate, timeToRestore }: FourKeys): Markup {
  const fact = (name: string, value: string) =>
    html`<div>
      <dt>${name}</dt>
      <dd><b>${value}</b></dd>
    </div>`;
  return html`<dl class="facts">
    ${[
      fact(
        'Deployments',
        deploymentsPerWeek === null ? String(deployments) : `${deployments}, ${deploymentsPerWeek.toFixed(1)} a week`,
      ),
      fact('Lead time, median', leadTime === null ? 'unknown' : lasting(leadTime.median)),
      fact('Taken back', changeFailureRate === null ? 'unknown' : percent(changeFailureRate)),
      fact('Time to take back, median', timeToRestore === null ? 'unknown' : lasting(timeToRestore.median)),
    ]}
  </dl>`;
}

/** The life of one iteration, stretch by stretch. */
export function lifeChart({ spans, elapsed, work, waits, gaps }: IterationTimeline): Markup {
  const rows = spans.map(({ from: begun, to, seconds, kind, name, owner }) => ({
    begun: new Date(begun),
    end: new Date(to),
    seconds,
    kind,
    name,
    owner: owner ?? 'not known',
  }));
  const names = [...new Set(rows.map(({ name }) => name))];
  return chart({
    words: `${lasting(elapsed)} in all: ${lasting(work)} of work, ${lasting(waits)} of waiting, ${lasting(gaps)} not known.`,
    options: {
      width: 960,
      height: 50 + 24 * names.length,
      marginLeft: 150,
      x: { type: 'utc', label: null, grid: true },
      y: { type: 'band', domain: names, label: null },
      marks: [
        Plot.barX(rows, {
          x1: 'begun',
          x2: 'end',
          y: 'name',
          rx: 2,
          insetTop: 3,
          insetBottom: 3,
          fill: ({ kind }: { kind: string }) =>
            kind === 'work' ? 'var(--pass)' : kind === 'gap' ? 'var(--baseline)' : 'var(--candidate)',
        }),
      ],
    },
    table: {
      columns: ['What', 'Whose time', 'From', 'How long'],
      rows: rows.map(({ name, owner, begun, seconds }) => [
        name,
        owner,
        begun.toISOString().slice(0, 16).replace('T', ' '),
        lasting(seconds),
      ]),
    },
  });
}

function percent(share: number): string {
  return `${Math.round(100 * share)}%`;
}
