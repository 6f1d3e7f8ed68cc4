import type { DetectedBox } from '#kernel';
import type { EventRule } from '#datasets';
import { isInside } from './zones.ts';

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

/** Those that the rule looks at. */
export function countingBoxes(boxes: readonly DetectedBox[], rule: EventRule, place: FramePlace): DetectedBox[] {
  const asked = new Set(Object.values(rule.labels).flat());
  return boxes.filter((box) => asked.has(box.class) && isLargeEnough(box, rule, place) && standsInZone(box, rule, place));
}

function byLabel(labels: EventRule['labels'], scoreOf: (classes: readonly number[]) => number): LabelScores {
  return Object.fromEntries(Object.entries(labels).map(([label, classes]) => [label, scoreOf(classes)]));
}

/** As a share of the frame; what sticks out of it is no part of the box. */
function isLargeEnough(box: DetectedBox, { minimumArea = 0 }: EventRule, { width, height }: FramePlace): boolean {
  const across = within(box.x2, width) - within(box.x1, width);
  const down = within(box.y2, height) - within(box.y1, height);
  return across * down >= minimumArea * width * height;
}

/** Anywhere, at a site without zones. */
function standsInZone({ x1, x2, y2 }: DetectedBox, { zones = {} }: EventRule, { site, width, height }: FramePlace): boolean {
  const own = Object.hasOwn(zones, site) ? zones[site] : undefined;
  const point = [within((x1 + x2) / 2, width) / width, within(y2, height) / height] as const;
  return own === undefined || own.some((polygon) => isInside(point, polygon));
}

function within(value: number, most: number): number {
  return Math.min(Math.max(value, 0), most);
}
