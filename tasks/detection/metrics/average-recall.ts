import type { PooledMetric } from '../../metric.ts';
import { prepareAverageRecall } from '../average-precision.ts';
import { RECALL_QUESTIONS } from '../twelve-numbers.ts';
import type { DetectionTrial } from '../trial.ts';

/**
 * COCO's average recall (Lin et al. 2014; Hosang et al., "What makes for effective detection proposals?", PAMI 2016): the share of true
 * boxes that is found among the best boxes of each class in a picture, as a mean over ten overlaps and over classes.
 */
const IN_WORDS: Readonly<Record<keyof typeof RECALL_QUESTIONS, string>> = {
  ar1: 'the share of things that its best box of each kind in a picture finds',
  ar10: 'the share of things that its ten best boxes of each kind in a picture find',
  ar100: 'the share of things that its hundred best boxes of each kind in a picture find',
  'ar-small': 'the share of small things that it finds at any score',
  'ar-medium': 'the share of things of medium size that it finds at any score',
  'ar-large': 'the share of large things that it finds at any score',
};

const TITLES: typeof IN_WORDS = {
  ar1: 'average recall, one box a class',
  ar10: 'average recall, ten boxes a class',
  ar100: 'average recall, a hundred boxes a class',
  'ar-small': 'average recall of small things',
  'ar-medium': 'average recall of things of medium size',
  'ar-large': 'average recall of large things',
};

export const averageRecalls = Object.entries(RECALL_QUESTIONS).map(([name, question]): PooledMetric<DetectionTrial> => ({
  name,
  title: TITLES[name as keyof typeof RECALL_QUESTIONS],
  kind: 'pooled',
  unit: 'fraction',
  better: 'more',
  inWords: IN_WORDS[name as keyof typeof RECALL_QUESTIONS],
  counted: 'pictures with a true box',
  prepare: (trials) => prepareAverageRecall(trials, question),
}));
