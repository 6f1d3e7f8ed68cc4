import { formatBytes } from '#kernel';
import type { Finding } from '#eval';
import { imageOn, type BuiltImage } from '#images';
import type { Present } from '../plan/plan-comparisons.ts';

/** Sizes are counted, not estimated: their interval is a point. */
export function budgetFindings(image: BuiltImage, present: readonly Present[], peaks: ReadonlyMap<string, number>): Finding[] {
  return present.flatMap(({ chipset }) => [
    ...bytesFinding('image', chipset.name, bytesOf(imageOn(image, chipset.platform)), chipset.budgets.image),
    ...bytesFinding('memory', chipset.name, peaks.get(chipset.name), chipset.budgets.memory),
  ]);
}

function bytesOf({ layers, config }: BuiltImage): number {
  return layers.reduce((sum, layer) => sum + layer.size, config.size);
}

function bytesFinding(
  metric: 'image' | 'memory',
  chipset: string,
  bytes: number | undefined,
  budget: number | undefined,
): Finding[] {
  if (budget === undefined) return [];
  const known = bytes !== undefined;
  const left = known ? budget - bytes : null;
  const outcome = left === null ? 'inconclusive' : left >= 0 ? 'pass' : 'fail';
  const reason = known
    ? `${metric} on ${chipset} is ${formatBytes(bytes)}, its budget ${formatBytes(budget)}`
    : `${metric} on ${chipset} could not be measured`;
  return [
    {
      metric,
      unit: 'bytes',
      better: 'less',
      dataset: null,
      chipset,
      slice: null,
      against: 'budget',
      role: 'decides',
      candidate: bytes ?? null,
      reference: budget,
      gain: { value: left, interval: left === null ? null : { low: left, high: left }, method: 'counted', clusters: 1, n: 1 },
      margin: 0,
      minimumDetectableEffect: known ? 0 : null,
      outcome,
      identical: false,
      reason,
      remedy: outcome === 'inconclusive' ? 'run the check where the memory of a model can be read' : null,
    },
  ];
}
