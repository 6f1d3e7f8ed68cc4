import { itemsOf } from '#datasets';
import { formatAmount, shareAtBest } from '#eval';
import { metricOn } from '#tasks';
import type { Change } from './gather-change.ts';
import { opened, type Datasets } from './open-datasets.ts';

/**
 * What is known to stay undecided before anything is asked: gates whose margin is less than their data could tell even where the
 * models agree in everything. A sentence each; they may still fail.
 */
export function undecidableNotes({ models }: Pick<Change, 'models'>, datasets: Datasets): string[] {
  return models.flatMap(({ model }) =>
    model.gates.flatMap((gate) => {
      if (gate.kind !== 'quality' || gate.margin === null || gate.watchOnly) return [];
      const { dataset } = opened(datasets, gate.dataset);
      const metric = metricOn(dataset, gate.metric);
      const atBest = shareAtBest(itemsOf(dataset).length);
      if (metric.kind !== 'ratio' || metric.unit !== 'fraction' || atBest <= gate.margin) return [];
      const items = `${itemsOf(dataset).length} ${dataset.medium}`;
      const [told, allowed] = [formatAmount(atBest, metric.unit), formatAmount(gate.margin, metric.unit)];
      return [
        `${model.name}: ${metric.name} on ${dataset.name} can't pass by ${items}, which tell a loss of ${told} at best, ` +
          `and ${allowed} are allowed (fieldproof plan says what would decide)`,
      ];
    }),
  );
}
