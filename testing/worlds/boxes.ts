import { digestOf } from '#kernel';
import type { DetectionDataset, TrueBox } from '#datasets';
import { scoreBoxes, type DetectionTrial } from '../../tasks/detection/trial.ts';
import type { BoxRow } from '../../tasks/detection/match-picture.ts';

/** A yard with few things in it, in squares whose overlaps can be told in the head. */
export const YARD = { name: 'yard', classes: ['person', 'car', 'bird'] };

/** A square of 40 pixels, x from the left, unless said. */
export function trueBox(x: number, more: Partial<TrueBox> = {}): TrueBox {
  return { class: 0, box: [x, 0, 40, 40], area: 1600, crowd: false, ignore: false, ...more };
}

/** Such a square, so far to the right of x as `slip` says: at 8 the overlap is two thirds, at 20 a third. */
export function foundBox(x: number, score = 0.9, { slip = 0, named = 0 } = {}): BoxRow {
  return [x + slip, 0, x + slip + 40, 40, score, named];
}

export function yard(truths: readonly (readonly TrueBox[])[]): DetectionDataset {
  const samples = truths.map((boxes, at) => ({
    id: `${at}.png`,
    pin: digestOf(String(at)),
    truth: { boxes, cluster: null },
    slices: { light: 'day' },
  }));
  return { round: 'research', medium: 'pictures', task: 'detection', digest: digestOf('yard'), ...YARD, samples };
}

/** A picture through a model whose boxes count from a score of 0.5. */
export function detectionTrial(
  truth: readonly TrueBox[],
  boxes: readonly BoxRow[],
  { threshold = 0.5, id = '0.png', cluster = null }: { threshold?: number | null; id?: string; cluster?: string | null } = {},
): DetectionTrial {
  const dataset = yard([]);
  const item = { id, pin: digestOf(id), truth: { boxes: truth, cluster }, slices: {} };
  return scoreBoxes({ dataset, item, seconds: null, answer: { id, threshold, boxes } });
}
