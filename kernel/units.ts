import { z } from 'zod';

const BYTES: Record<string, number> = { B: 1, KB: 1e3, MB: 1e6, GB: 1e9, KiB: 2 ** 10, MiB: 2 ** 20, GiB: 2 ** 30 };
const MILLISECONDS: Record<string, number> = { ms: 1, s: 1e3, m: 6e4, min: 6e4, h: 3.6e6, d: 8.64e7 };
const BITS_PER_SECOND: Record<string, number> = { 'bit/s': 1, 'kbit/s': 1e3, 'Mbit/s': 1e6, 'Gbit/s': 1e9 };

/** A quantity as people write it (`50ms`, `400MiB`, `2Mbit/s`), read into its base unit. */
function quantity(units: Record<string, number>, example: string) {
  const names = Object.keys(units).toSorted((a, b) => b.length - a.length);
  const pattern = new RegExp(`^(\\d+(?:\\.\\d+)?)\\s*(${names.map((name) => name.replace('/', '\\/')).join('|')})$`);
  const message = `expected a number with a unit (${Object.keys(units).join(', ')}), such as ${example}`;
  return z
    .string()
    .regex(pattern, message)
    .transform((text) => {
      const [, amount = '', unit = ''] = pattern.exec(text) ?? [];
      return Number(amount) * (units[unit] ?? Number.NaN);
    });
}

/** Bytes. */
export const byteSize = quantity(BYTES, '400MiB');
/** Milliseconds. */
export const duration = quantity(MILLISECONDS, '50ms');
/** Bits per second. */
export const bitRate = quantity(BITS_PER_SECOND, '2Mbit/s');

/** A share: `2%` or `0.02`; the value is the fraction. */
export const fraction = z.union([
  z
    .string()
    .regex(/^\d+(?:\.\d+)?\s*%$/, 'expected a percentage, such as 2%')
    .transform((text) => Number.parseFloat(text) / 100),
  z.number().nonnegative(),
]);

export function formatBytes(bytes: number): string {
  if (bytes < 1024) return `${bytes} B`;
  const power = Math.min(3, Math.floor(Math.log2(bytes) / 10));
  return `${(bytes / 2 ** (10 * power)).toFixed(1)} ${['B', 'KiB', 'MiB', 'GiB'][power] ?? 'B'}`;
}

export function formatDuration(milliseconds: number): string {
  if (milliseconds < 1000) return `${milliseconds.toPrecision(3)} ms`;
  if (milliseconds < 60_000) return `${(milliseconds / 1000).toFixed(1)} s`;
  if (milliseconds < 3_600_000) return `${(milliseconds / 60_000).toFixed(1)} min`;
  return `${(milliseconds / 3_600_000).toFixed(1)} h`;
}
