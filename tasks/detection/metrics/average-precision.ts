import type { PooledMetric } from '../../metric.ts';
import { prepareAveragePrecision } from '../average-precision.ts';
import { overTies } from '../ties.ts';
import { PRECISIONS } from '../twelve-numbers.ts';
import type { DetectionTrial } from '../trial.ts';

/**
 * COCO's average precision (Lin et al. 2014): the area under the curve of precision over recall, read at 101 recalls, as a mean over
 * classes; and over ten overlaps from 0.50 to 0.95, where none is named.
 */
const IN_WORDS: Readonly<Record<keyof typeof PRECISIONS, string>> = {
  ap: 'how well its boxes and their scores agree with the true boxes',
  ap50: 'how well its boxes agree with the true boxes where half an overlap is enough',
  ap75: 'how well its boxes agree with the true boxes where they must overlap closely',
  'ap-small': 'how well it finds what is small',
  'ap-medium': 'how well it finds what is of medium size',
  'ap-large': 'how well it finds what is large',
};

type Name = keyof typeof PRECISIONS;

const TITLES: Readonly<Record<Name, string>> = {
  ap: 'average precision (AP)',
  ap50: 'average precision, half overlap (AP50)',
  ap75: 'average precision, close overlap (AP75)',
  'ap-small': 'average precision of small things',
  'ap-medium': 'average precision of things of medium size',
  'ap-large': 'average precision of large things',
};

/** Over all overlaps and sizes: the number that papers call AP or mAP. */
export const averagePrecision = metricOf('ap');

export const averagePrecisions = (['ap50', 'ap75', 'ap-small', 'ap-medium', 'ap-large'] as const).map((name) => metricOf(name));

function metricOf(name: Name): PooledMetric<DetectionTrial> {
  return overTies({
    name,
    title: TITLES[name],
    kind: 'pooled',
    unit: 'fraction',
    better: 'more',
    inWords: IN_WORDS[name],
    counted: 'pictures with a true box',
    prepare: (trials) => prepareAveragePrecision(trials, PRECISIONS[name]),
  });
}
