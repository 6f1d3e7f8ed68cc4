import { format } from 'd3-format';
import { formatBytes } from '#kernel';
import type { Finding } from './documents/check-report.ts';

type Unit = Finding['unit'];

/** What is shown for a number that nobody knows. */
export const UNKNOWN = 'unknown';

const oneDecimal = format('.1f');
const twoDecimals = format('.2f');
const signedOne = format('+.1f');
const signedTwo = format('+.2f');

/** A measured value; those of a `ratio` are milliseconds. */
export function formatValue(value: number | null, unit: Unit): string {
  return value === null ? UNKNOWN : VALUES[unit](value);
}

/** A gain with its sign; of a `ratio`, how many times the reference the candidate takes. */
export function formatGain(gain: number | null, unit: Unit): string {
  if (gain === null) return UNKNOWN;
  const suffix = {
    fraction: ' pp',
    'per hour': '/h',
    'per image': '/image',
    seconds: ' s',
    ratio: '',
    milliseconds: ' ms',
    bytes: '',
  }[unit];
  return `${bareGain(gain, unit)}${suffix}`;
}

/** Lower and upper end, without the unit that the gain beside it has; a size of bytes is counted, not estimated. */
export function formatInterval(interval: Finding['gain']['interval'], unit: Unit): string {
  if (interval === null) return UNKNOWN;
  if (unit === 'bytes' && interval.low === interval.high) return 'exact';
  const [first, second] = unit === 'ratio' ? [interval.high, interval.low] : [interval.low, interval.high];
  return `[${bareGain(first, unit)}, ${bareGain(second, unit)}]`;
}

/** How much may be lost; of a `ratio`, how many times the reference the candidate may take. */
export function formatMargin(margin: number, unit: Unit): string {
  if (unit === 'ratio') return bareGain(-margin, unit);
  return formatGain(margin, unit).replace(/^\+/, '');
}

/** What a finding is held against, in words: `margin 5.0 pp`, `bound 85.0%`. */
export function formatLimit({ against, margin, reference, unit }: Finding): string {
  if (against !== 'bound' && against !== 'budget') return `margin ${formatMargin(margin, unit)}`;
  return `${against} ${formatValue(reference, unit)}`;
}

/** A number of which only the size matters: three significant digits. */
export function formatShort(value: number): string {
  return Math.abs(value) >= 100 ? value.toFixed(0) : Number(value.toPrecision(3)).toString();
}

export const formatCount = format(',');

export function formatMilliseconds(value: number | null): string {
  if (value === null) return UNKNOWN;
  return `${value < 10 ? twoDecimals(value) : oneDecimal(value)} ms`;
}

export function formatSeconds(value: number | null): string {
  if (value === null) return UNKNOWN;
  if (value < 90) return `${oneDecimal(value)} s`;
  return value < 5400 ? `${oneDecimal(value / 60)} min` : `${oneDecimal(value / 3600)} h`;
}

/** A commit that is named by its whole id is told by its first twelve digits, as a ref it is left as it is. */
export function formatRef(ref: string): string {
  return /^[0-9a-f]{40,64}$/.test(ref) ? ref.slice(0, 12) : ref;
}

function bareGain(gain: number, unit: Unit): string {
  // Neither +0.0 nor −0.0 says anything more than 0.0.
  return GAINS[unit](gain).replace(/^[+−](?=0(\.0+)?$)/, '');
}

const VALUES: Readonly<Record<Unit, (value: number) => string>> = {
  fraction: (value) => `${oneDecimal(value * 100)}%`,
  'per hour': (value) => `${value < 100 ? twoDecimals(value) : oneDecimal(value)}/h`,
  'per image': (value) => `${value < 100 ? twoDecimals(value) : oneDecimal(value)}/image`,
  seconds: (value) => `${twoDecimals(value)} s`,
  ratio: formatMilliseconds,
  milliseconds: formatMilliseconds,
  bytes: formatBytes,
};

const GAINS: Readonly<Record<Unit, (gain: number) => string>> = {
  fraction: (gain) => signedOne(gain * 100),
  'per hour': (gain) => (Math.abs(gain) < 100 ? signedTwo(gain) : signedOne(gain)),
  'per image': signedTwo,
  seconds: signedTwo,
  ratio: (gain) => `×${twoDecimals(Math.exp(-gain))}`,
  milliseconds: (gain) => (Math.abs(gain) < 10 ? signedTwo(gain) : signedOne(gain)),
  bytes: (gain) => `${gain < 0 ? '−' : '+'}${formatBytes(Math.abs(gain))}`,
};
