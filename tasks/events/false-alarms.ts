import type { EventTrial } from './trial.ts';
import { netChange, type RatioMetric } from '../metric.ts';

/** Detections that match no true event, per hour of footage. */
export const falseAlarmsPerHour: RatioMetric<EventTrial> = {
  name: 'false-alarms-per-hour',
  kind: 'ratio',
  unit: 'per hour',
  better: 'less',
  inWords: 'the rate of false alarms',
  counted: 'hours',
  spread: { kind: 'count' },
  totals: (trial) => ({ numerator: falseAlarms(trial), denominator: trial.seconds / 3600 }),
  pair: (candidate, reference) => ({
    candidate: falseAlarms(candidate),
    reference: falseAlarms(reference),
    denominator: candidate.seconds / 3600,
    ...netChange(falseAlarms(candidate), falseAlarms(reference), 'less'),
  }),
  explain: ({ totals: { gained, lost, denominator } }) =>
    `${lost} more and ${gained} fewer false alarms in ${denominator.toFixed(1)} h`,
};

function falseAlarms({ detections, matches }: EventTrial): number {
  return detections.length - matches.length;
}
