import * as Plot from '@observablehq/plot';
import type { Film, Markup } from '#report';
import { plainText } from '#kernel';
import { chart } from '../charts/draw.ts';

const LANES = { truth: 'True', reference: 'Baseline', candidate: 'Candidate' } as const;

/** What is true and what each release says, over the time that the frames span. */
export function filmStrip({ spans }: Film, frames: Film['frames']): Markup {
  const moments = frames.flatMap(({ at }) => (at === null ? [] : [at]));
  const [from, to] = [Math.min(...moments), Math.max(...moments)];
  const shown = spans
    .filter(({ start, end }) => end >= from && start <= to)
    .map(({ role, label, score, start, end }) => ({
      lane: LANES[role],
      start: Math.max(from, start),
      end: Math.min(to, end),
      label: `${plainText(label).slice(0, 40)}${score === null ? '' : ` ${score.toFixed(2)}`}`,
    }));
  const count = (lane: string) => shown.filter((span) => span.lane === lane).length;
  return chart({
    words: `From ${from.toFixed(1)} to ${to.toFixed(1)} s: ${count('True')} true, ${count('Baseline')} by the baseline, ${count('Candidate')} by the candidate.`,
    options: {
      width: 960,
      height: 130,
      marginLeft: 70,
      x: { domain: [from, to], label: 'seconds into the clip →', grid: true },
      y: { type: 'band', domain: Object.values(LANES), label: null },
      marks: [
        Plot.barX(shown, {
          x1: 'start',
          x2: 'end',
          y: 'lane',
          fill: ({ lane }: { lane: string }) => (lane === 'True' ? 'var(--baseline)' : 'var(--candidate)'),
          fillOpacity: 0.55,
          insetTop: 4,
          insetBottom: 4,
          rx: 2,
        }),
        Plot.text(shown, { x: 'start', y: 'lane', text: 'label', textAnchor: 'start', dx: 5, fill: 'var(--ink)' }),
        Plot.tickX(moments, { stroke: 'var(--muted)', strokeOpacity: 0.35 }),
      ],
    },
    table: {
      columns: ['Who', 'What', 'From', 'To'],
      rows: shown.map(({ lane, label, start, end }) => [lane, label, `${start.toFixed(1)} s`, `${end.toFixed(1)} s`]),
    },
  });
}
