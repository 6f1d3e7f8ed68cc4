import type { Unit } from '#tasks';
import { demoGap } from './demo-gap.ts';
import { ENOUGH, excessOf, fewest, isEnough } from './enough.ts';
import { fitField } from './fit-field.ts';
import { forecastOf, forecastParts } from './forecast.ts';
import type { Iteration } from './iteration.ts';
import { judgePlaces } from './judge-places.ts';
import { judgeSets } from './judge-sets.ts';
import { trackRecord } from './track-record.ts';
import type { Confidence } from './result.ts';

/** Releases of this kind are what the next one will be like. */
const LIKE_THE_LAST = 12;

/**
 * How far the next iteration of a model can be trusted.
 * @param iterations oldest first
 * @param margin how much the field may lose, in the metric's unit
 * @param unit of the field metric
 */
export function judgeConfidence(iterations: readonly Iteration[], { margin, unit }: { margin: number; unit: Unit }): Confidence {
  const fit = fitField(iterations, unit);
  const have = iterations.filter(({ field }) => field.length > 0).length;
  const learned = fit.design.data.rows.filter(({ gains }) => gains.length > 0).length;
  const last = fit.design.data.rows.slice(-LIKE_THE_LAST).map(({ research }) => research);
  const newest = last.at(-1);
  const excess = excessOf(fit, last, margin, 'everywhere');
  const few = fewest({ places: fit.design.data.places.length, sets: fit.design.data.research.sets.length });
  const hasEnough = have >= few;
  return {
    state: hasEnough && isEnough(excess) ? 'measured' : 'insufficient',
    have,
    // Of very many, the latest alone are learned from: what is unknown falls with those.
    need: Math.max(few, have + Math.ceil(learned * ((excess ?? 0) / ENOUGH - 1))),
    excess,
    next:
      have === 0 || newest === undefined
        ? null
        : forecastOf(forecastParts(fit, newest, 'everywhere'), margin, fit.design.data.scale),
    sets: judgeSets(fit),
    places: judgePlaces(fit, last, margin, hasEnough),
    gap: demoGap(iterations, unit),
    track: trackRecord(iterations, margin, leadOf(iterations)),
  };
}

/** The research set that most iterations have. */
function leadOf(iterations: readonly Iteration[]): string | null {
  const counts = new Map<string, number>();
  for (const { research } of iterations) for (const { set } of research) counts.set(set, (counts.get(set) ?? 0) + 1);
  return [...counts].toSorted(([, a], [, b]) => b - a)[0]?.[0] ?? null;
}
