import { formatDuration } from '#kernel';
import type { PlaceMeasure } from './documents/place-report.ts';
import { formatShort, formatValue, UNKNOWN } from './format.ts';

/** A number of a placement with its unit. */
export function formatMeasure(value: number | null, unit: PlaceMeasure['unit']): string {
  if (value === null) return UNKNOWN;
  if (unit === 'milliseconds') return formatDuration(value);
  if (unit === 'bit/s') return formatBitRate(value);
  return unit === 'a camera and month' ? value.toFixed(2) : formatValue(value, unit);
}

function formatBitRate(value: number): string {
  if (value < 1000) return `${formatShort(value)} bit/s`;
  if (value < 1e6) return `${formatShort(value / 1e3)} kbit/s`;
  return `${formatShort(value / 1e6)} Mbit/s`;
}
