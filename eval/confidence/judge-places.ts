import { hasPlaces } from './field-model.ts';
import { beliefOf, forecastOf, forecastParts, type FieldFit, type Part } from './forecast.ts';
import type { TrueGains } from './research-gains.ts';
import type { PlaceStanding } from './result.ts';
import { excessOf, isEnough } from './enough.ts';

/**
 * @param last what research said of the last iterations, newest last
 * @param hasEnough whether so many iterations were seen that any place can be told
 */
export function judgePlaces(fit: FieldFit, last: readonly TrueGains[], margin: number, hasEnough: boolean): PlaceStanding[] {
  const { data } = fit.design;
  return data.places.map((place, at) => {
    const variances = data.rows.flatMap((rows) => {
      const found = rows.place.indexOf(at);
      return found === -1 ? [] : [rows.variances[found] ?? 0];
    });
    const own = ownParts(fit, at);
    const error = variances.length === 0 ? null : Math.sqrt(variances.reduce((sum, each) => sum + each, 0) / variances.length);
    const newest = last.at(-1);
    return {
      ...place,
      iterations: variances.length,
      offset: beliefOf(own, data.scale),
      error: error === null ? null : error * data.scale,
      teaches: teaches(fit, own, error ?? 0) * data.scale ** 2,
      forecast: newest === undefined ? null : forecastOf(forecastParts(fit, newest, at), margin, data.scale),
      state: hasEnough && isEnough(excessOf(fit, last, margin, at)) ? 'measured' : 'insufficient',
    };
  });
}

/** What is particular to a place, whatever research says. */
function ownParts({ design, beliefs }: FieldFit, place: number): Part[] {
  if (!hasPlaces(design.data)) return [{ weight: 1, mean: 0, unknown: 1e-12, noise: 0 }];
  const at = 1 + design.data.research.sets.length + 2 * place;
  return beliefs.map(({ weight, covariance: { size, cells }, belief: { mean } }) => {
    return { weight, mean: mean[at] ?? 0, unknown: cells[at * size + at] ?? 0, noise: 0 };
  });
}

/** By how much the variance of what is particular to it is expected to fall with one more gain measured there (Lindley 1956, for a normal). */
function teaches({ beliefs }: FieldFit, own: readonly Part[], error: number): number {
  return beliefs.reduce((sum, { weight, belief: { spreads } }, at) => {
    const unknown = own[at]?.unknown ?? 0;
    return sum + (weight * unknown ** 2) / (unknown + spreads.visit ** 2 + error ** 2);
  }, 0);
}
