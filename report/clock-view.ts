import { plainText } from '#kernel';
import type { ClockReport } from './documents/clock-report.ts';
import { formatSpan } from './format-span.ts';
import { painter, type Paint } from './painter.ts';
import { textTable, wrap, type Cell, type Column } from './text-table.ts';

const COLUMNS: readonly Column[] = [
  { title: 'wait', align: 'left', grow: true },
  { title: 'whose', align: 'left' },
  { title: 'in all', align: 'right' },
  { title: 'share', align: 'right' },
  { title: 'iterations', align: 'right' },
  { title: 'median', align: 'right' },
  { title: 'if halved', align: 'right' },
];
const MARKS = { work: '█', wait: '░', gap: '?' } as const;
const BAR = 32;
const MOST_ITERATIONS = 12;

/** Where the time went: how long an iteration takes, then each wait, then the last iterations. */
export function renderClock(report: ClockReport, { colour, columns }: { colour: boolean; columns: number }): string {
  const paint = painter(colour);
  const width = Math.max(60, columns);
  if (report.iterations.length === 0) return 'Nothing was judged yet: run fieldproof check.\n';
  const waits = report.clock.byWait.map((wait): Cell[] => [
    wait.name,
    wait.owner,
    formatSpan(wait.seconds),
    `${Math.round(wait.share * 100)}%`,
    String(wait.iterations),
    formatSpan(wait.median),
    wait.whatIfHalved === null ? '' : formatSpan(wait.whatIfHalved),
  ]);
  const [header = '', ...lines] = textTable(COLUMNS, waits, width, width < 90 ? 1 : 2);
  const table = waits.length === 0 ? [] : ['', paint('dim', header), ...lines];
  const lives = report.iterations.slice(-MOST_ITERATIONS).flatMap((one) => lifeLines(one, width, paint));
  const key = `${MARKS.work} work   ${MARKS.wait} wait   ${MARKS.gap} not known   if halved: an iteration, had this wait taken half as long`;
  return `${[...summary(report, width, paint), ...table, '', ...lives, paint('dim', key)].join('\n')}\n`;
}

function summary({ clock, iterations, fourKeys, before, alarms }: ClockReport, width: number, paint: Paint): string[] {
  const { durations, work, waits, gaps, worst } = clock;
  const landed = iterations.filter(({ state }) => state === 'landed').length;
  const total = Math.max(1, work + waits + gaps);
  const share = (seconds: number) => `${Math.round((100 * seconds) / total)}%`;
  const last = worst.at(-1);
  const gap = gaps === 0 ? '' : `, and of ${share(gaps)} it is not known what happened in it`;
  const sentences = [
    durations === null
      ? 'No iteration is in the field yet.'
      : `An iteration takes ${formatSpan(durations.median)} from its beginning to the field (median of ${durations.iterations}; nine of ten under ${formatSpan(durations.p90)}).${landed === 0 ? '' : ` Of ${landed} nobody watched what controllers made of them.`}`,
    `${share(work)} of all that time was work, ${share(waits)} were waits${gap}.`,
    ...(last === undefined
      ? []
      : [
          `The longest wait of ${last.month}: ${last.name}, ${formatSpan(last.seconds)} (${plainText(last.model)} ${last.head.slice(0, 12)}; ${last.owner}).`,
        ]),
    ...beforeWords(before, durations),
    ...alarmWords(alarms),
    keysWords(fourKeys),
  ];
  return sentences.map((sentence, at) => wrap(at === 0 ? paint('bold', sentence) : sentence, width, '  '));
}

function beforeWords(before: ClockReport['before'], durations: ClockReport['clock']['durations']): string[] {
  if (before?.durations == null) return [];
  const times = durations === null || durations.median === 0 ? '' : `: ${ratio(before.durations.median / durations.median)}`;
  return [
    `Before (${plainText(before.from)}), a release took ${formatSpan(before.durations.median)} (median of ${before.durations.iterations})${times}.`,
  ];
}

function ratio(times: number): string {
  return times >= 1 ? `${Number(times.toPrecision(2))} times as long` : `${Math.round(times * 100)}% of that`;
}

function alarmWords(alarms: ClockReport['alarms']): string[] {
  return alarms.slice(-3).map(({ site, signal, raised, ended, seconds }) => {
    const what = `The alarm of ${plainText(site)} (${plainText(signal)}${raised === null ? '' : `, ${raised.slice(0, 10)}`})`;
    if (ended === null) return `${what} stands.`;
    const after = seconds === null ? '' : ` after ${formatSpan(seconds)}`;
    return ended.by === null
      ? `${what} ended${after}: ${plainText(ended.why ?? '')}.`
      : `${what} was ended${after} by the release of verdict ${ended.by.slice(7, 19)}.`;
  });
}

function keysWords({
  deployments,
  deploymentsPerWeek,
  leadTime,
  changeFailureRate,
  timeToRestore,
}: ClockReport['fourKeys']): string {
  const often = deploymentsPerWeek === null ? `${deployments} in all` : `${Number(deploymentsPerWeek.toFixed(2))} a week`;
  const failed = changeFailureRate === null ? 'unknown' : `${Math.round(changeFailureRate * 100)}%`;
  return `DORA's four keys: deployments ${often}; lead time ${leadTime === null ? 'unknown' : formatSpan(leadTime.median)}; taken back ${failed}; time to restore ${timeToRestore === null ? 'unknown' : formatSpan(timeToRestore.median)}.`;
}

function lifeLines(one: ClockReport['iterations'][number], width: number, paint: Paint): string[] {
  const title = `${plainText(one.model)} ${one.head.slice(0, 12)}  ${one.state}, ${formatSpan(one.elapsed)} since ${one.from.slice(0, 10)}`;
  const named = one.spans.map(({ name, seconds }) => `${name} ${formatSpan(seconds)}`).join(', ');
  return [
    paint('bold', title),
    `  ${barOf(one)}`,
    wrap(`  ${named === '' ? 'nothing is known of it before its verdict' : named}`, width, '  '),
  ];
}

/** Each span as wide as it took, to the nearest cell of the whole. */
function barOf({ spans, elapsed }: ClockReport['iterations'][number]): string {
  let passed = 0;
  return spans
    .map(({ kind, seconds }) => {
      const from = Math.round((BAR * passed) / Math.max(1, elapsed));
      passed += seconds;
      return MARKS[kind].repeat(Math.round((BAR * passed) / Math.max(1, elapsed)) - from);
    })
    .join('');
}
