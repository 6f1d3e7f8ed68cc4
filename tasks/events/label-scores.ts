import { countingBoxes as boxesThatCount, type DetectedBox } from '#kernel';
import type { EventRule } from '#datasets';

/** One score for each event label: how sure a model is of it in one frame. */
export type LabelScores = Readonly<Record<string, number>>;

/** Of scores of the whole frame, a label's is the sum of its classes'. */
export function scoresOfClasses(scores: Float32Array, { labels }: Pick<EventRule, 'labels'>): LabelScores {
  return byLabel(labels, (classes) => classes.reduce((sum, index) => sum + (scores[index] ?? Number.NaN), 0));
}

/** Where a frame was recorded, and its size in pixels. */
export type FramePlace = { site: string; width: number; height: number };

/**
 * Of boxes, a label's score is the best of its classes': of those that are large enough and stand in a zone, and 0 where there is none.
 * A box stands where the middle of its lower edge is, which is where a thing touches the ground.
 * @param boxes of the dataset's classes, in pixels of the frame
 */
export function scoresOfBoxes(boxes: readonly DetectedBox[], rule: EventRule, place: FramePlace): LabelScores {
  const counting = countingBoxes(boxes, rule, place);
  return byLabel(rule.labels, (classes) => {
    return counting.reduce((best, { score, class: named }) => (classes.includes(named) ? Math.max(best, score) : best), 0);
  });
}

/** Those that the rule looks at; anywhere, at a site without zones. */
export function countingBoxes(
  boxes: readonly DetectedBox[],
  { labels, minimumArea = 0, zones = {} }: EventRule,
  { site, ...size }: FramePlace,
): DetectedBox[] {
  const asked = new Set(Object.values(labels).flat());
  const own = Object.hasOwn(zones, site) ? (zones[site] ?? null) : null;
  return boxesThatCount(
    boxes.filter((box) => asked.has(box.class)),
    { minimumArea, zones: own },
    size,
  );
}

function byLabel(labels: EventRule['labels'], scoreOf: (classes: readonly number[]) => number): LabelScores {
  return Object.fromEntries(Object.entries(labels).map(([label, classes]) => [label, scoreOf(classes)]));
}
