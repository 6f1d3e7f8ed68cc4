import type { ClipTrial } from '../trial.ts';
import { netChange, type Metric } from '../metric.ts';

/** Detections that match no true event, per hour of footage. */
export const falseAlarmsPerHour: Metric<ClipTrial> = {
  name: 'false-alarms-per-hour',
  unit: 'per hour',
  better: 'less',
  counted: 'hours',
  spread: { kind: 'count' },
  totals: (trial) => ({ numerator: falseAlarms(trial), denominator: trial.seconds / 3600 }),
  pair: (candidate, reference) => ({
    candidate: falseAlarms(candidate),
    reference: falseAlarms(reference),
    denominator: candidate.seconds / 3600,
    ...netChange(falseAlarms(candidate), falseAlarms(reference), 'less'),
  }),
};

function falseAlarms({ detections, matches }: ClipTrial): number {
  return detections.length - matches.length;
}
