import { hexOf, plainText } from '#kernel';
import { painter, type Paint } from './painter.ts';
import { textTable, wrap, type Cell, type Column } from './text-table.ts';
import type { WatchedRollout, WatchReport } from './documents/watch-report.ts';

const COLUMNS: readonly Column[] = [
  { title: 'model', align: 'left' },
  { title: 'site', align: 'left', grow: true },
  { title: 'chipset', align: 'left' },
  { title: 'state', align: 'left' },
  { title: 'since', align: 'left' },
  { title: 'digest', align: 'left' },
];

const SHOWN = {
  healthy: { mark: '●', colour: 'green' },
  progressing: { mark: '◌', colour: 'yellow' },
  failed: { mark: '■', colour: 'red' },
  superseded: { mark: '○', colour: 'dim' },
  unknown: { mark: '?', colour: 'yellow' },
} as const;

/** A row for each rollout, then why those are what they are that are not healthy. */
export function renderWatch(report: WatchReport, { colour, columns }: { colour: boolean; columns: number }): string {
  const paint = painter(colour);
  const width = Math.max(60, columns);
  const rows = report.rollouts.map((rollout) => cellsOf(rollout, paint));
  const [header = '', ...lines] = textTable(COLUMNS, rows, width, 2);
  const reasons = report.rollouts
    .filter(({ state }) => state !== 'healthy')
    .map((rollout) => wrap(`${paint('bold', nameOf(rollout))}: ${plainText(rollout.reason)}`, width, '  '));
  const title = wrap(headline(report), width, '  ');
  return `${[title, '', paint('dim', header), ...lines, ...(reasons.length > 0 ? [''] : []), ...reasons].join('\n')}\n`;
}

function cellsOf({ model, site, chipset, state, since, digest }: WatchedRollout, paint: Paint): Cell[] {
  const { mark, colour } = SHOWN[state];
  return [
    plainText(model),
    plainText(site),
    plainText(chipset),
    { text: `${mark} ${state}`, paint: (text) => paint(colour, text) },
    since === null ? '' : since.slice(0, 16).replace('T', ' '),
    { text: digest === null ? '' : hexOf(digest).slice(0, 12), paint: (text) => paint('dim', text) },
  ];
}

function nameOf({ model, site, chipset }: WatchedRollout): string {
  return plainText(`${model} at ${site} (${chipset})`);
}

/** `3 of 4 healthy at 0123456789ab of main; 1 failed`. */
function headline({ rollouts, commit, branch }: WatchReport): string {
  const count = (state: WatchedRollout['state']) => rollouts.filter((rollout) => rollout.state === state).length;
  const others = (['failed', 'progressing', 'superseded', 'unknown'] as const)
    .filter((state) => count(state) > 0)
    .map((state) => `${count(state)} ${state}`);
  const healthy = `${count('healthy')} of ${rollouts.length} healthy at ${commit.slice(0, 12)} of ${plainText(branch)}`;
  return [healthy, ...others].join('; ');
}
