import type { ClipDataset } from '#datasets';
import type { TrialsOfClass } from '../task.ts';
import { scoreDetections, type EventTrial } from './trial.ts';

/** All clips, with the true events and the detections of one label. */
export function eventsByLabel(
  trials: readonly EventTrial[],
  dataset: Pick<ClipDataset, 'rule' | 'cluster' | 'clips'>,
): TrialsOfClass<EventTrial>[] {
  const labels = Object.keys(dataset.rule.labels).filter((label) =>
    trials.some(({ truth }) => truth.some((one) => one.label === label)),
  );
  const clips = new Map(dataset.clips.map((clip) => [clip.id, clip]));
  return labels.map((value) => ({
    value,
    trials: trials.flatMap(({ id, detections, seconds }) => {
      const clip = clips.get(id);
      if (clip === undefined) return [];
      const item = { ...clip, events: clip.events.filter(({ label }) => label === value) };
      return [scoreDetections({ id, detections: detections.filter(({ label }) => label === value) }, { dataset, item, seconds })];
    }),
  }));
}
