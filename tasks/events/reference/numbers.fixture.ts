import type { ClipDataset } from '#datasets';
import { eventRecall } from '../event-recall.ts';
import { falseAlarmsPerHour } from '../false-alarms.ts';
import { recallsAtRate } from '../recall-at-rate.ts';
import { scoreDetections, type EventTrial } from '../trial.ts';
import type { EventSet } from './events.fixture.ts';

/** Null where there is no true event. */
export type EventNumbers = { recall: number | null; falseAlarms: number | null; atRate: readonly (number | null)[] };

export function eventNumbers({ clips }: EventSet): EventNumbers {
  const trials = clips.map(({ seconds, truth, detections }, at): EventTrial => {
    const item = { id: String(at), site: 'here', conditions: {}, events: truth };
    const rule = { tolerance: 0 } as ClipDataset['rule'];
    const dataset = { cluster: 'clip', rule } as ClipDataset;
    return scoreDetections(
      { id: item.id, detections },
      { dataset, seconds, item: item as unknown as ClipDataset['clips'][number] },
    );
  });
  const ratio = (metric: typeof eventRecall) => {
    const totals = trials.map((trial) => metric.totals(trial));
    return totals.reduce((sum, one) => sum + one.numerator, 0) / totals.reduce((sum, one) => sum + one.denominator, 0);
  };
  const atRate = recallsAtRate.map((metric) => metric.prepare(trials).value(new Float64Array(trials.length).fill(1)));
  if (trials.every(({ truth }) => truth.length === 0)) return { recall: null, falseAlarms: null, atRate };
  return { recall: ratio(eventRecall), falseAlarms: ratio(falseAlarmsPerHour), atRate };
}
