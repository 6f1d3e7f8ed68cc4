import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { EventRule } from '#datasets';
import { detectEvents } from './detect-events.ts';
import { matchEvents } from './match-events.ts';

const rule: EventRule = { labels: { person: [1] }, framesPerSecond: 5, persistence: 2, mergeGap: 0.5, tolerance: 0.2 };

/** One frame every 0.2 s; `1` is a frame whose person score is 0.9. */
function frames(pattern: string) {
  return pattern.split('').map((mark, index) => ({ timestamp: index / 5, scores: { person: mark === '1' ? 0.9 : 0.1 } }));
}

function detected(pattern: string, changes: Partial<EventRule> = {}) {
  return detectEvents(frames(pattern), { ...rule, ...changes }, 0.6).map(({ start, end, alarm }) =>
    [start, end, alarm].map((t) => Math.round(t * 10) / 10),
  );
}

describe('scores become events', () => {
  it('when as many frames in a row are on as persistence says', () => {
    expect(detected('0100110')).toEqual([[0.8, 1.2, 1]]);
  });

  it('that end one frame period after their last frame, the last frame of a clip included', () => {
    expect(detected('00011')).toEqual([[0.6, 1, 0.8]]);
  });

  it('that are one when no further apart than the merge gap, with the alarm of the first', () => {
    expect(detected('11001100000011')).toEqual([
      [0, 1.2, 0.2],
      [2.4, 2.8, 2.6],
    ]);
  });
});

const detection = (start: number, end: number, label = 'person') => ({ label, start, end, alarm: start + 0.2, peak: 0.9 });
const event = (start: number, end: number, label = 'person') => ({ label, start, end });

describe('true and detected events are matched', () => {
  it('one to one, in as many pairs as there can be', () => {
    const truth = [event(0, 2), event(1.5, 3)];
    // The first detection fits both, the second only the first: serving the earlier event greedily would lose a pair.
    const matches = matchEvents(truth, [detection(1.7, 1.9), detection(0.1, 0.3)], 0);
    expect(matches.map(({ truth: t, detection: d }) => [t, d])).toEqual([
      [0, 1],
      [1, 0],
    ]);
  });

  it('only under the same label, and only when they overlap within the tolerance', () => {
    expect(matchEvents([event(1, 2)], [detection(1, 2, 'animal')], 1)).toEqual([]);
    expect(matchEvents([event(1, 2)], [detection(2.15, 3)], 0.2)).toHaveLength(1);
    expect(matchEvents([event(1, 2)], [detection(2.25, 3)], 0.2)).toEqual([]);
  });

  it('with the delay until the alarm, which is never negative', () => {
    expect(matchEvents([event(1, 2)], [detection(1.5, 2)], 0)[0]?.delay).toBeCloseTo(0.7);
    expect(matchEvents([event(1, 2)], [detection(0.5, 2)], 0)[0]?.delay).toBe(0);
  });

  it('as an exhaustive search would, on small random cases', () => {
    const span = fc
      .tuple(fc.integer({ min: 0, max: 20 }), fc.integer({ min: 1, max: 6 }))
      .map(([start, length]) => [start, start + length] as const);
    fc.assert(
      fc.property(fc.array(span, { maxLength: 4 }), fc.array(span, { maxLength: 4 }), (truths, spans) => {
        const truth = truths.map(([start, end]) => event(start, end));
        const detections = spans.map(([start, end]) => detection(start, end));
        const fits = truth.map((t) => detections.map((d) => d.start <= t.end && t.start <= d.end));
        const most = (index: number, used: number): number => {
          if (index === truth.length) return 0;
          const options = detections.flatMap((_, d) =>
            fits[index]?.[d] && !(used & (1 << d)) ? [1 + most(index + 1, used | (1 << d))] : [],
          );
          return Math.max(most(index + 1, used), ...options);
        };
        const matches = matchEvents(truth, detections, 0);
        expect(new Set(matches.map((match) => match.detection)).size).toBe(matches.length);
        expect(matches).toHaveLength(most(0, 0));
      }),
    );
  });
});
