import type { TimedEvent } from '#datasets';
import { random } from '../../../eval/stats/rng.ts';
import type { Detection } from '../answer.ts';

/** Clips with true and detected events, as the reference implementation and our own are given them. Whole seconds. */
export type EventSet = { clips: readonly { seconds: number; truth: readonly TimedEvent[]; detections: readonly Detection[] }[] };

/** Dense enough that detections have a choice of events, with equal scores. True events begin and end at even seconds, others at odd ones. */
export function fuzzedEvents(seed: number): EventSet {
  const next = random(seed);
  const pick = (...choices: readonly number[]) => choices[Math.floor(next() * choices.length)] ?? 0;
  const [labels, scores, seconds] = [pick(1, 2), pick(2, 5, 1000), pick(120, 600)];
  const spans = (most: number, odd: number) =>
    Array.from({ length: Math.floor(next() * (most + 1)) }, () => {
      const start = 2 * Math.floor((next() * seconds) / 2.5) + odd;
      const label = `label ${Math.floor(next() * labels)}`;
      return { label, start, end: Math.min(start + 2 + 2 * Math.floor(next() * pick(3, 20)), seconds - 2 + odd) };
    });
  const [mostTrue, mostFound] = [pick(0, 3, 8), pick(0, 5, 20)];
  return {
    clips: Array.from({ length: pick(1, 2, 5) }, () => ({
      seconds,
      truth: spans(mostTrue, 0),
      detections: spans(mostFound, 1).map((span) => {
        return { ...span, alarm: span.start, peak: Math.round(next() * scores) / scores };
      }),
    })),
  };
}
