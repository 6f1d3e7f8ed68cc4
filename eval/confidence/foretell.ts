import type { Unit } from '#tasks';
import type { Estimate } from '../gate.ts';
import { fitField } from './fit-field.ts';
import { beliefOf, forecastParts } from './forecast.ts';
import type { Iteration, ResearchGain } from './iteration.ts';

/**
 * The field gain to expect of a release, over all places, from what research says of it and from how earlier ones fared.
 * @param history earlier iterations of the same model and field metric, oldest first
 * @param unit of the field metric
 */
export function foretell(
  history: readonly Iteration[],
  research: readonly ResearchGain[],
  unit: Unit,
): { gain: Estimate; basis: string } {
  const asked: Iteration = { release: '', at: '', shipped: false, research, predicted: null, realised: null, field: [] };
  const fit = fitField([...history, asked], unit);
  const { rows, scale } = fit.design.data;
  const newest = rows.at(-1);
  const answered = rows.filter(({ gains }) => gains.length > 0).length;
  const releases = new Set(history.filter(({ field }) => field.length > 0).map(({ release }) => release)).size;
  const gain = newest === undefined ? null : beliefOf(forecastParts(fit, newest.research, 'everywhere'), scale);
  return {
    gain: {
      value: gain?.value ?? null,
      interval: gain?.interval ?? null,
      method: 'hierarchical errors-in-variables regression, weakly informative prior',
      clusters: answered,
      n: answered,
    },
    basis:
      answered === 0
        ? `the prior alone: no earlier release has shown how ${research.length === 0 ? 'the field' : 'research gains'} fared`
        : `${answered} earlier iterations of ${releases} releases, and the prior`,
  };
}
