import type { ReplayReport, SignalReport, SiteReport } from './documents/replay-report.ts';
import { formatShort } from './format.ts';
import { painter, type Paint } from './painter.ts';
import { plainText } from '#kernel';
import { textTable, wrap, type Row } from './text-table.ts';

const MARKS = { quiet: '●', alarmed: '■', 'nothing replayed': '◇' } as const;
const COLOURS = { quiet: 'green', alarmed: 'red', 'nothing replayed': 'yellow' } as const;
const STATES = { gathering: 'gathering', watching: 'quiet', alarmed: 'ALARM' } as const;
/** Nights that a line of bars shows. */
const BARS = 30;

/** What changed first, then every signal of every site. */
export function renderReplay(report: ReplayReport, { colour, columns }: { colour: boolean; columns: number }): string {
  const paint = painter(colour);
  const width = Math.max(60, Math.min(columns, 140));
  const { outcome } = report;
  const verdict = paint([COLOURS[outcome], 'bold'], `${MARKS[outcome]} ${outcome.toUpperCase()}`);
  const blocks = [
    `${verdict}  ${wrap(plainText(report.headline), width - outcome.length - 4, '  ')}`,
    paint(
      'dim',
      `  ${report.arrived} clips arrived; at most ${percent(report.falseAlarmRate)} of quiet deployments ever raise an alarm`,
    ),
    signalTable(report, width, paint),
    ...section(lostLines(report), width, paint),
    ...section(doneLines(report), width, paint),
    ...section(
      report.notes.map((note) => `· ${note}`),
      width,
      paint,
    ),
  ];
  return `${blocks.join('\n\n')}\n`;
}

function signalTable({ sites }: ReplayReport, width: number, paint: Paint): string {
  const columns = [
    { title: 'site', align: 'left', grow: true },
    { title: 'signal', align: 'left' },
    { title: 'nights', align: 'right' },
    { title: 'evidence', align: 'right' },
    { title: 'state', align: 'left' },
    { title: `the last ${BARS} nights`, align: 'left' },
  ] as const;
  const rows = sites.flatMap((site): Row[] => {
    if (site.absent !== null)
      return [[plainText(site.site), '', '', '', { text: 'not replayed', paint: (text) => paint('yellow', text) }, '']];
    return site.signals
      .filter(({ values }) => values.length > 0)
      .map((signal, index) => signalRow(site, signal, index === 0, paint));
  });
  return textTable(columns, rows, width - 2, 2)
    .map((line) => `  ${line}`)
    .join('\n');
}

function signalRow(
  { site }: SiteReport,
  { signal, values, state, nights, needed }: SignalReport,
  first: boolean,
  paint: Paint,
): Row {
  const evidence = nights.at(-1)?.evidence ?? 0;
  const tone = state === 'alarmed' ? 'red' : state === 'gathering' ? 'dim' : 'green';
  return [
    first ? plainText(site) : '',
    signal,
    String(values.length),
    `${evidence < 0.1 ? '<0.1' : formatShort(evidence)}/${needed.toFixed(0)}`,
    { text: STATES[state], paint: (text) => paint(tone, text) },
    {
      text: sparkline(values.slice(-BARS).map(({ value }) => value)),
      paint: (text) => paint(state === 'alarmed' ? 'red' : 'cyan', text),
    },
  ];
}

function sparkline(values: readonly number[]): string {
  const highest = Math.max(...values, Number.MIN_VALUE);
  return values.map((value) => '▁▂▃▄▅▆▇█'[Math.min(7, Math.floor((value / highest) * 7.999))] ?? '▁').join('');
}

function lostLines({ sites, replaced, waiting, setAside }: ReplayReport): string[] {
  return [
    ...sites.flatMap(({ site, absent }) => (absent === null ? [] : [`not replayed: ${site}: ${absent}`])),
    ...replaced.map((file) => `replaced since it arrived, and left as it was: ${file}`),
    ...waiting.map(({ file, why }) => `waits: ${file}: ${why}`),
    ...setAside.map(({ night, file, why }) => `set aside (${night}): ${file}: ${why}`),
  ];
}

function doneLines({ announced, proposed, unlabelled }: ReplayReport): string[] {
  return [
    ...announced.map(({ what, title, url }) => `issue ${what}: ${title}${url === null ? '' : ` (${url})`}`),
    ...proposed.map(({ branch, clips, url }) => `${clips} clips to label: ${url ?? `branch ${branch}`}`),
    ...(unlabelled > 0 ? [`${unlabelled} merged clips still wait for somebody to label them`] : []),
  ];
}

function section(lines: readonly string[], width: number, paint: Paint): string[] {
  return lines.length === 0
    ? []
    : [lines.map((line) => paint('dim', `  ${wrap(plainText(line), width - 2, '    ')}`)).join('\n')];
}

function percent(value: number): string {
  return `${Number((100 * value).toPrecision(3))}%`;
}
