import type { EventTrial } from '../../tasks/events/trial.ts';
import { normalQuantile } from '../stats/distributions.ts';
import type { Random } from '../stats/rng.ts';

/** Clips whose events are found by one model, and by others of the same recipe, which find mostly the same. */
export type Recipe = { clips: number; mostEvents: number; found: number; seconds: number };

type Event = { clip: number; ease: number };

export function drawEvents({ clips, mostEvents }: Recipe, next: Random): Event[] {
  return Array.from({ length: clips }, (_, clip) => {
    const ofClip = normal(next);
    const count = 1 + Math.floor(next() * mostEvents);
    return Array.from({ length: count }, () => ({ clip, ease: Math.sqrt(0.3) * ofClip + Math.sqrt(0.7) * normal(next) }));
  }).flat();
}

/** @param alike the correlation of how easy an event is to this model with how easy it is to the first; 1 is the first itself */
export function trialsOf(recipe: Recipe, events: readonly Event[], alike: number, next: Random): EventTrial[] {
  const threshold = normalQuantile(1 - recipe.found);
  const byClip = Map.groupBy(events, ({ clip }) => clip);
  return Array.from(byClip, ([clip, own]) => {
    const truth = own.map((_, at) => ({ label: 'person', start: at * 10, end: at * 10 + 5 }));
    const found = own.flatMap(({ ease }, at) =>
      alike * ease + Math.sqrt(1 - alike ** 2) * normal(next) > threshold ? [at] : [],
    );
    const site = clip % 3 === 0 ? 'yard' : 'lobby';
    return {
      id: `${clip}.mp4`,
      cluster: `${clip}.mp4`,
      site,
      slices: { site },
      seconds: recipe.seconds,
      truth,
      detections: found.map((at) => ({ label: 'person', start: at * 10, end: at * 10 + 2, alarm: at * 10 + 1, peak: 0.9 })),
      matches: found.map((at, detection) => ({ truth: at, detection, delay: 1 })),
      ranked: found.map(() => ({ peak: 0.9, right: true })),
    };
  });
}

function normal(next: Random): number {
  return Math.sqrt(-2 * Math.log(1 - next())) * Math.cos(2 * Math.PI * next());
}
