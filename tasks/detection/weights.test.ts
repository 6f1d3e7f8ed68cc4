import { describe, expect, it } from 'vitest';
import { random, type Random } from '../../eval/stats/rng.ts';
import { detectionTrial } from '../../testing/worlds/boxes.ts';
import { averagePrecisionByClass, prepareAveragePrecision } from './average-precision.ts';
import { detection } from './detection.ts';
import type { BoxRow } from './match-picture.ts';
import { fuzzedSet } from './reference/sets.fixture.ts';
import { PRECISIONS } from './twelve-numbers.ts';

/** But for those of tracks, whose sequences weigh as a whole: tracks/tracks.test.ts. */
const pooled = detection.metrics.flatMap((metric) =>
  metric.kind === 'pooled' && metric.counted !== 'true tracks' ? [metric] : [],
);

/** No two boxes have the same: of equal ones the order of copies would be open. */
const rescored = (boxes: readonly BoxRow[], next: Random) =>
  boxes.map(([x1, y1, x2, y2, , label]): BoxRow => [x1, y1, x2, y2, next(), label]);

describe('a picture that is drawn several times', () => {
  it.each(pooled.map((metric) => [metric.name, metric] as const))('counts in %s as if it were there so often', (_, metric) => {
    const next = random(1);
    const values = Array.from({ length: 60 }, (__, seed) => {
      const { pictures } = fuzzedSet(seed);
      const trials = pictures.map(({ truth, boxes }, at) => detectionTrial(truth, rescored(boxes, next), { id: String(at) }));
      const weights = Float64Array.from(trials, () => Math.floor(next() * 4));
      const often = trials.flatMap((trial, at) => Array.from({ length: weights[at] ?? 0 }, () => trial));
      const expected = metric.prepare(often).value(new Float64Array(often.length).fill(1));
      return { seed, value: metric.prepare(trials).value(weights) ?? -1, expected: expected ?? -1 };
    });
    expect(values.filter(({ value, expected }) => Math.abs(value - expected) > 1e-12)).toEqual([]);
    expect(values.filter(({ value }) => value > 0 && value < 1).length).toBeGreaterThan(5);
  });
});

describe('AP by class', () => {
  it('is what AP is the mean of', () => {
    const sets = Array.from({ length: 60 }, (_, seed) =>
      fuzzedSet(seed).pictures.map(({ truth, boxes }) => detectionTrial(truth, boxes)),
    );
    const apart = sets.filter((trials) => {
      const known = averagePrecisionByClass(trials, PRECISIONS.ap).filter((value) => value !== null);
      const mean = known.length === 0 ? null : known.reduce((sum, value) => sum + value, 0) / known.length;
      const whole = prepareAveragePrecision(trials, PRECISIONS.ap).value(new Float64Array(trials.length).fill(1));
      return mean === null || whole === null ? mean !== whole : Math.abs(mean - whole) > 1e-12;
    });
    expect(apart).toEqual([]);
  });
});
