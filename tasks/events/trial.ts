import type { ClipDataset, TimedEvent } from '#datasets';
import type { Asked, Trial } from '../task.ts';
import type { Detections } from './answer.ts';
import { matchEvents, type Match } from './match-events.ts';
import { rankDetections, type RankedDetection } from './rank-detections.ts';

/** One clip through one model: its true events, those that were detected, and which of them are the same. */
export type EventTrial = Trial &
  Detections & {
    site: string;
    seconds: number;
    truth: readonly TimedEvent[];
    matches: readonly Match[];
    /** The surest first. */
    ranked: readonly RankedDetection[];
  };

export function scoreDetections(
  { id, detections }: Detections,
  { dataset, item: clip, seconds }: Omit<Asked<ClipDataset>, 'dataset'> & { dataset: Pick<ClipDataset, 'rule' | 'cluster'> },
): EventTrial {
  const { site, conditions, events } = clip;
  return {
    id,
    slices: { ...conditions, site },
    cluster: dataset.cluster === 'site' ? site : id,
    site,
    seconds: seconds ?? 0,
    truth: events,
    detections,
    matches: matchEvents(events, detections, dataset.rule.tolerance),
    ranked: rankDetections(events, detections, dataset.rule.tolerance),
  };
}
