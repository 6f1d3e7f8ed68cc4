import { holdsDetections, replayScores, type ExpectedScores } from '#kernel';
import type { ClipDataset, Frame } from '#datasets';
import type { RunningModel } from '#runners';
import { mapClasses } from '#tasks';
import { inputFor } from './input-for.ts';
import { framesRequest } from './ask-clip.ts';

/** A clip by its id, with the site that it is of; its frames in order; what is asked of it. */
export type FramesToScore = {
  clip: string;
  site: string;
  frames: readonly Frame[];
  dataset: Pick<ClipDataset, 'name' | 'classes' | 'renames' | 'rule'>;
};

/** What the model answers to each frame, in its own classes, for a site knows no dataset. */
export type FrameScores = Pick<ExpectedScores, 'classes' | 'labels' | 'boxes'>;

/**
 * The score of every label in every frame, each asked for by itself: as a replay at a site asks, where another batch could give other
 * last digits.
 * @throws CouldNotRun when an answer is wrong
 */
export async function scoreFrames(model: RunningModel, { clip, site, frames, dataset }: FramesToScore): Promise<FrameScores> {
  const { minimumArea = 0, zones = {}, labels: asked } = dataset.rule;
  const input = inputFor('frames', model.metadata);
  const { toDataset } = mapClasses(model.metadata.labels ?? null, dataset, model.metadata.name);
  const labels = Object.fromEntries(
    Object.entries(asked).map(([label, classes]) => {
      const own = toDataset.flatMap((to, index) => (to !== null && classes.includes(to) ? [index] : []));
      return [label, { classes: own, scores: [] as number[] }];
    }),
  );
  const here = Object.hasOwn(zones, site) ? (zones[site] ?? null) : null;
  const boxes = { minimumArea, zones: here?.map((outline) => outline.map(([x, y]): [number, number] => [x, y])) ?? null };
  let answersBoxes = false;
  for (const [index, frame] of frames.entries()) {
    const sequence = {
      sequence_id: clip,
      sequence_start: index === 0,
      sequence_end: index === frames.length - 1,
      timestamp: frame.timestamp,
    };
    const response = await model.infer(framesRequest(input, [frame], sequence));
    const scores = replayScores(response, { classes: toDataset.length, labels, boxes }, frame);
    for (const [label, score] of Object.entries(scores)) labels[label]?.scores.push(score);
    answersBoxes ||= holdsDetections(response);
  }
  return { classes: toDataset.length, labels, ...(answersBoxes && { boxes }) };
}
