import { METRICS } from '#tasks';
import { formatGain, formatInterval, html, metricName, type Finding, type Markup } from '#report';

type Gain = Pick<Finding['gain'], 'value' | 'interval'>;

/**
 * The unit of a metric's gains: its task's; of latency, the ratio of two times, or what is left of a budget.
 * @param where as a verdict says it, which ends with what it was held against
 */
export function unitOf(metric: string, where = ''): Finding['unit'] {
  const known = METRICS.get(metric)?.metric.unit;
  if (known !== undefined) return known;
  if (!/(^| )budget$/.test(where)) return 'ratio';
  return metric.startsWith('latency') ? 'milliseconds' : 'bytes';
}

export function titleOf(metric: string): string {
  const title = METRICS.get(metric)?.metric.title;
  return metricName({ metric, ...(title === undefined ? {} : { title }) });
}

export function gainText(gain: Gain | null, metric: string): Markup {
  if (gain === null || gain.value === null) return html`<span class="muted">unknown</span>`;
  const unit = unitOf(metric);
  return html`<b>${formatGain(gain.value, unit)}</b> <span class="muted">${formatInterval(gain.interval, unit)}</span>`;
}

/** `2026-03-02 14:05` (UTC). */
export function moment(at: string): string {
  const read = new Date(at);
  return Number.isNaN(read.getTime()) ? at : read.toISOString().slice(0, 16).replace('T', ' ');
}

export function timeTag(at: string): Markup {
  return html`<time datetime="${at}">${moment(at)}</time>`;
}

/** `2026-03-02`, of what is a date. */
export function dayOf(date: Date): string {
  return Number.isNaN(date.getTime()) ? 'unknown' : date.toISOString().slice(0, 10);
}

const STEPS: readonly (readonly [limit: number, unit: number, name: string])[] = [
  [90, 1, 'second'],
  [90 * 60, 60, 'minute'],
  [36 * 3600, 3600, 'hour'],
  [14 * 86_400, 86_400, 'day'],
  [400 * 86_400, 7 * 86_400, 'week'],
];

/** How long between two moments, in the unit that people would say. */
export function span(from: string, to: string | Date): string {
  const seconds = Math.abs(new Date(to).getTime() - Date.parse(from)) / 1000;
  if (Number.isNaN(seconds)) return 'unknown';
  const [, unit, name] = STEPS.find(([limit]) => seconds < limit) ?? [0, 365.25 * 86_400, 'year'];
  const count = Math.round(seconds / unit);
  return `${count} ${name}${count === 1 ? '' : 's'}`;
}

/** Seconds, as people would say them. */
export function lasting(seconds: number): string {
  return span(new Date(0).toISOString(), new Date(1000 * seconds));
}

export function plural(count: number, one: string, many = `${one}s`): string {
  return `${count.toLocaleString('en')} ${count === 1 ? one : many}`;
}
