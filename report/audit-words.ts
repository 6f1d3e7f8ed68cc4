import type { AuditedGate, AuditedModel, AuditedStep, Rate } from './documents/audit-report.ts';
import { formatMargin, UNKNOWN } from './format.ts';
import { metricName } from './html/forest.ts';

/** A rate as people read it, with its interval. */
export function rateWords(rate: Rate | null): string {
  if (rate === null) return UNKNOWN;
  const share = (value: number) => `${(100 * value).toFixed(value < 0.1 ? 1 : 0)}%`;
  return `${rate.count} of ${rate.of} (${share(rate.low)} to ${share(rate.high)})`;
}

export function gateWords(gate: Pick<AuditedGate, 'metric' | 'title' | 'where' | 'margin' | 'unit'>): string {
  return `${metricName(gate)} on ${gate.where === '*' ? 'every chipset' : gate.where}, margin ${formatMargin(gate.margin, gate.unit === 'ratio' ? 'fraction' : gate.unit)}`;
}

export function wakesWords({ wakesAt, doses, insufficient, note }: Omit<AuditedGate, 'gate' | 'metric' | 'where'>): string {
  if (doses.length === 0) return note ?? UNKNOWN;
  const most = Math.max(...doses.map(({ target }) => target));
  const wakes = wakesAt === null ? `not awake at ${most} margins` : `awake from ${wakesAt} margins on`;
  return [wakes, insufficient === null ? null : 'insufficient for twice', note].filter((part) => part !== null).join('; ');
}

/** Why no more can be asked of a gate, as a sentence. */
export function insufficientWords(gate: Parameters<typeof gateWords>[0] & Pick<AuditedGate, 'insufficient'>): string | null {
  return gate.insufficient === null ? null : `${gateWords(gate)}: insufficient: ${gate.insufficient}.`;
}

/** The gate that lost most, in words. */
export function costWords({ gates, reason }: AuditedStep): string {
  if (reason !== null) return `its server refused it: ${reason}`;
  const [worst] = gates.flatMap(({ gate, loss }) => (loss === null ? [] : [{ gate, loss }])).toSorted((a, b) => b.loss - a.loss);
  if (worst === undefined) return UNKNOWN;
  return worst.loss <= 0 ? 'it cost no gate anything' : `${worst.loss.toFixed(1)} margins of ${worst.gate}`;
}

export const RATE_ROWS: readonly { words: string; of: (model: AuditedModel) => Rate | null }[] = [
  { words: 'Nothing was lost, and a gate failed it', of: ({ falseFails }) => falseFails },
  { words: 'The whole margin was lost, and a gate passed it', of: ({ falsePasses }) => falsePasses },
  { words: 'Twice the margin was lost, data suffice, and the gate failed it', of: ({ caught }) => caught },
  { words: 'Whole changes that cost a gate twice its margin or more, and failed', of: ({ changesCaught }) => changesCaught },
];
