import { distanceToFail, type Finding } from '#eval';
import { foundBy, type MarginGate } from '../gates.ts';

/**
 * The least loss, in margins, that an interval as wide as this one tells from the margin nine times in ten, as a property of how much was seen:
 * whatever the world's own loss came to. Null where there is no interval.
 */
export function tellsIn(gate: MarginGate, findings: readonly Finding[]): { loss: number; clusters: number } | null {
  const whole = foundBy(gate, findings).find(({ slice }) => slice === null);
  if (whole === undefined) return null;
  const { margin, gain } = whole;
  if (gain.value === null || gain.interval === null) return null;
  return { loss: 1 + distanceToFail(gain.value, gain.interval) / margin, clusters: gain.clusters };
}

/** What a gate is not entitled to be asked: its data cannot tell such a loss from the margin nine times in ten, whoever judges it. */
type Telling = { loss: number; clusters: number; unit: string };

/**
 * Why a gate is not counted among those that should catch twice their margin, and what would bring it in; null where its data can tell that.
 * Intervals are narrower as the root of what is seen.
 */
export function insufficiency({ loss, clusters, unit }: Telling, twice: number): string | null {
  if (loss <= twice) return null;
  const more = Math.ceil(clusters * (((loss - 1) / (twice - 1)) ** 2 - 1));
  return `${clusters} ${unit} tell a loss of ${loss.toFixed(2)} margins from the margin nine times in ten, and not one of ${twice}; about ${more} more would`;
}
