import { scaleLinear } from 'd3-scale';
import { MARK } from './findings.ts';
import type { Finding } from './documents/check-report.ts';

/**
 * An interval drawn in `width` characters: `╎` the margin, `│` no change, `─` the interval, and a mark at the estimate.
 * Worse is left. All bars of one gate share one domain.
 */
export function textBar(finding: Finding, domain: readonly [number, number], width: number): string {
  const { value, interval } = finding.gain;
  const scale = scaleLinear([...domain], [0, width - 1]).clamp(true);
  const cell = (gain: number) => Math.round(scale(gain));
  const cells = Array.from({ length: width }, () => ' ');
  const [from, to] = interval === null ? [width, -1] : [cell(interval.low), cell(interval.high)];
  for (let at = from; at <= to; at++) cells[at] = '─';
  if (interval !== null && interval.low < domain[0]) cells[0] = '‹';
  if (interval !== null && interval.high > domain[1]) cells[width - 1] = '›';
  const draw = (at: number, apart: string, crossing: string) => (cells[at] = cells[at] === '─' ? crossing : apart);
  draw(cell(0), '│', '┼');
  draw(cell(-finding.margin), '╎', '╪');
  if (value !== null && value >= domain[0] && value <= domain[1]) cells[cell(value)] = MARK[finding.outcome];
  return cells.join('');
}
