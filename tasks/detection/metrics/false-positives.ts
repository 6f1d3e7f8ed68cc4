import { netChange, type RatioMetric } from '../../metric.ts';
import { whatCounts, type DetectionTrial } from '../trial.ts';

/**
 * Boxes at the model's own threshold that are on nothing, per image (Dollar et al., "Pedestrian Detection: An Evaluation of the State of
 * the Art", PAMI 2012). A second box on the same thing is one of them.
 */
export const falsePositivesPerImage: RatioMetric<DetectionTrial> = {
  name: 'false-positives-per-image',
  kind: 'ratio',
  unit: 'per image',
  better: 'less',
  inWords: 'the number of boxes on nothing in a picture',
  counted: 'pictures',
  spread: { kind: 'count' },
  totals: (trial) => ({ numerator: whatCounts(trial).wrong.length, denominator: Number(trial.threshold !== null) }),
  pair(candidate, reference) {
    const [after, before] = [whatCounts(candidate).wrong.length, whatCounts(reference).wrong.length];
    const known = candidate.threshold !== null && reference.threshold !== null;
    return { candidate: after, reference: before, denominator: Number(known), ...netChange(after, before, 'less') };
  },
  explain: ({ totals: { gained, lost, denominator } }) =>
    `${lost} more and ${gained} fewer boxes on nothing in ${denominator} pictures`,
};
