import { plainText, shortDigest, type Digest } from '#kernel';
import { painter, type Paint } from './painter.ts';
import type { TerminalOptions } from './terminal.ts';
import { textTable, wrap } from './text-table.ts';

/** What came of shipping a graph, or would come of it: as a whole, and stage by stage at each site. */
export type ShipView = {
  graph: string;
  placement: string;
  stages: readonly { stage: string; site: string; chipset: string; digest: Digest; runtime: Digest | null }[];
} & (
  | { state: 'not shipped'; refusals: readonly { stage: string | null; state: string; reason: string }[] }
  | { state: 'planned'; changes: readonly { path: string; change: string }[] }
  | { state: 'unchanged' }
  | { state: 'landed'; commit: string }
  | { state: 'healthy' | 'unknown'; commit: string; rollouts: readonly Seen[] }
  | { state: 'reverted'; commit: string; reason: string; revertedBy: string; rollouts: readonly Seen[]; after: readonly Seen[] }
  | { state: 'stays'; commit: string; reason: string; rollouts: readonly Seen[] }
);

type Seen = { stage: string; site: string; chipset: string; rollout: { state: string; reason: string } };

const COLOURS = {
  'not shipped': 'red',
  planned: 'dim',
  unchanged: 'green',
  landed: 'green',
  healthy: 'green',
  unknown: 'yellow',
  reverted: 'red',
  stays: 'red',
} as const satisfies Record<ShipView['state'], Parameters<Paint>[0]>;

export function renderShip(view: ShipView, { colour, columns }: Pick<TerminalOptions, 'colour' | 'columns'>): string {
  const paint = painter(colour);
  const width = Math.max(80, Math.min(columns, 160));
  const head = paint([COLOURS[view.state], 'bold'], view.state.padEnd(12));
  const words = wrap(plainText(`${view.graph} as ${view.placement}: ${wordsOf(view)}`), width - 13, ' '.repeat(13));
  const blocks = [`${head} ${words}`, tableOf(view, width), linesOf(view, width)];
  return `${blocks.filter((block) => block !== '').join('\n\n')}\n`;
}

function wordsOf(view: ShipView): string {
  switch (view.state) {
    case 'not shipped':
      return 'nothing was written';
    case 'planned':
      return view.changes.length === 0
        ? 'the branch deploys it already, and nothing would change'
        : `it would be one commit: ${countsOf(view.changes)}`;
    case 'unchanged':
      return 'the branch deploys it already';
    case 'landed':
      return `the branch is at ${short(view.commit)}; nobody has watched what the sites make of it`;
    case 'healthy':
      return `every stage is healthy at ${short(view.commit)}`;
    case 'unknown':
      return `it landed as ${short(view.commit)}, and some stages have not said that they are healthy; it stays there`;
    case 'reverted':
      return `${view.reason}; all of it was taken back by ${short(view.revertedBy)}, and is held: ${backWords(view.after)}`;
    case 'stays':
      return `it landed as ${short(view.commit)}, has failed, and could not be taken back: ${view.reason}`;
  }
}

function backWords(after: readonly Seen[]): string {
  const ill = after.filter(({ rollout }) => rollout.state !== 'healthy');
  if (after.length === 0) return 'what ran before is back, and was not watched';
  if (ill.length === 0) return 'what ran before is healthy again';
  const named = ill.map(({ stage, site, rollout }) => `${stage} at ${site} is ${rollout.state}: ${rollout.reason}`);
  return `what ran before is back, and not healthy: ${named.join('; ')}`;
}

function countsOf(changes: readonly { change: string }[]): string {
  const counted = [...Map.groupBy(changes, ({ change }) => change)].map(([change, all]) => `${all.length} ${change}`);
  return `${changes.length} ${changes.length === 1 ? 'file' : 'files'}, ${counted.join(', ')}`;
}

/** Stages by site, with what was seen of each where somebody has watched. */
function tableOf(view: ShipView, width: number): string {
  if (view.stages.length === 0) return '';
  const seen = 'rollouts' in view ? view.rollouts : [];
  const rows = view.stages.map(({ stage, site, chipset, digest, runtime }) => {
    const found = seen.find((one) => one.stage === stage && one.site === site && one.chipset === chipset);
    const runs = runtime === null ? shortDigest(digest) : `${shortDigest(digest)} on ${shortDigest(runtime)}`;
    const said = found === undefined ? [] : [found.rollout.state, plainText(found.rollout.reason)];
    return [stage, site, chipset, runs, ...said];
  });
  const titles = ['stage', 'site', 'chipset', 'runs', ...(seen.length === 0 ? [] : ['is', 'its controller says'])];
  const columns = titles.map((title, at) => ({ title, align: 'left' as const, grow: at === titles.length - 1 }));
  return textTable(columns, rows, width - 2, 2)
    .map((line) => `  ${line}`)
    .join('\n');
}

/** Why not, or which files. */
function linesOf(view: ShipView, width: number): string {
  if (view.state === 'planned')
    return view.changes.map(({ path, change }) => `  ${change.padEnd(8)} ${plainText(path)}`).join('\n');
  if (view.state !== 'not shipped') return '';
  return view.refusals
    .map(({ stage, state, reason }) => {
      const words = plainText(stage === null ? reason : `${stage}: ${reason}`);
      return `  ${state.padEnd(14)} ${wrap(words, width - 17, ' '.repeat(17))}`;
    })
    .join('\n');
}

const short = (commit: string) => commit.slice(0, 12);
