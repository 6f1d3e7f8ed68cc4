import { describe, expect, it } from 'vitest';
import { random } from '../stats/rng.ts';
import { failEvidence, STOP_LEVEL, type Seen } from './fail-watch.ts';

/** A world of pictures, each won, lost or unchanged. */
function world(seed: number, { lost, gained, n }: { lost: number; gained: number; n: number }): Seen[] {
  const next = random(seed);
  return Array.from({ length: n }, () => {
    const at = next();
    return { gain: at < lost ? -1 : at < lost + gained ? 1 : 0, denominator: 1 };
  });
}

/** Clips with one to four events, all of which share one fate. */
function clips(seed: number, lost: number, n: number): Seen[] {
  const next = random(seed);
  return Array.from({ length: n }, () => {
    const events = 1 + Math.floor(next() * 4);
    return { gain: next() < lost ? -events : 0, denominator: events };
  });
}

const stops = (worlds: readonly Seen[][], margin: number, most = 1) =>
  worlds.filter((seen) => failEvidence(seen, margin, most).enough !== null).length;
const seeds = Array.from({ length: 400 }, (_, index) => index + 1);
/** Two Monte-Carlo standard errors. */
const allowed = seeds.length * (STOP_LEVEL + 2 * Math.sqrt((STOP_LEVEL * (1 - STOP_LEVEL)) / seeds.length));

describe('evidence that more is lost than may be', () => {
  it.each([
    ['nothing changes', { lost: 0, gained: 0 }, 0.02],
    ['the margin is lost, and nothing won', { lost: 0.05, gained: 0 }, 0.05],
    ['the margin is lost among many changes', { lost: 0.15, gained: 0.1 }, 0.05],
  ])('hardly ever comes where %s', (_, changes, margin) => {
    expect(
      stops(
        seeds.map((seed) => world(seed, { ...changes, n: 600 })),
        margin,
      ),
    ).toBeLessThanOrEqual(allowed);
  });

  it('hardly ever comes where clips of unlike size lose the margin, all their events at once', () => {
    expect(
      stops(
        seeds.map((seed) => clips(seed, 0.1, 400)),
        0.1,
        4,
      ),
    ).toBeLessThanOrEqual(allowed);
  });

  it('comes early where much is lost', () => {
    const found = seeds
      .slice(0, 50)
      .map((seed) => failEvidence(world(seed, { lost: 0.4, gained: 0.02, n: 600 }), 0.02, 1).enough);
    expect(found.filter((enough) => enough !== null && enough <= 90)).toHaveLength(50);
  });

  it('is looked at after each sample: when it was enough once, it stays enough', () => {
    const lost = Array.from({ length: 20 }, () => ({ gain: -1, denominator: 1 }));
    const won = Array.from({ length: 200 }, () => ({ gain: 1, denominator: 1 }));
    const { enough } = failEvidence([...lost, ...won], 0.02, 1);
    expect(enough).toBeGreaterThan(5);
    expect(enough).toBeLessThanOrEqual(12);
  });

  it('is none where a sample shows more than was promised', () => {
    const seen = [...Array.from({ length: 50 }, () => ({ gain: -1, denominator: 1 })), { gain: 0, denominator: 2 }];
    expect(failEvidence(seen, 0.02, 1)).toEqual({ evidence: 0, enough: null });
  });
});
