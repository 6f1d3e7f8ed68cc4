import { combine, type Finding, type Gate, type LatencyGate, type QualityGate } from '#eval';

export type QualityMarginGate = QualityGate & { margin: number };

/** A gate that can be audited: one that decides by what may be lost. */
export type MarginGate = QualityMarginGate | LatencyGate;

/** In margins: what a gate must not miss. */
export const TWICE = 2;

/** Bounds of their own, and what is only watched, lose nothing against anybody. */
export function marginGates(gates: readonly Gate[], chipset: string): MarginGate[] {
  return gates.flatMap((gate): MarginGate[] => {
    if (gate.kind === 'latency') return gate.chipset === '*' || gate.chipset === chipset ? [gate] : [];
    return gate.margin === null || gate.margin === 0 || gate.watchOnly ? [] : [{ ...gate, margin: gate.margin }];
  });
}

export function nameOf(gate: Gate): string {
  return `${gate.metric} on ${placeOf(gate)}`;
}

export function placeOf(gate: Gate): string {
  return gate.kind === 'quality' ? gate.dataset : gate.chipset;
}

/** What a gate found against the deployed release: on the whole, and on the slices that it guards. */
export function foundBy(gate: Gate, findings: readonly Finding[]): Finding[] {
  return findings.filter(
    ({ metric, dataset, against }) =>
      metric === gate.metric && against === 'baseline' && (gate.kind === 'latency' || dataset === gate.dataset),
  );
}

/** As a check would decide if it had no other gate. */
export function outcomeOf(gate: Gate, findings: readonly Finding[]): Finding['outcome'] {
  return combine(foundBy(gate, findings));
}

/** What was lost on the whole, in margins of the gate; null where that could not be told. */
export function lossIn(gate: MarginGate, findings: readonly Finding[]): number | null {
  const whole = foundBy(gate, findings).find(({ slice }) => slice === null);
  if (whole?.gain.value === undefined || whole.gain.value === null) return null;
  return gate.kind === 'latency' ? Math.expm1(-whole.gain.value) / gate.margin : -whole.gain.value / gate.margin;
}
