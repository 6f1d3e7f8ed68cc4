import { describe, expect, it } from 'vitest';
import type { Confidence } from '#eval';
import { digestOf } from '#kernel';
import { renderConfidence, type ConfidenceRow } from './confidence-view.ts';

const gain = (value: number, half: number) => ({ value, interval: { low: value - half, high: value + half } });
const rows: readonly ConfidenceRow[] = [
  { release: digestOf('a'), predicted: gain(0.02, 0.04), realised: gain(0.031, 0.02) },
  { release: digestOf('b'), predicted: gain(0.016, 0.046), realised: gain(-0.094, 0.03) },
  { release: digestOf('c'), predicted: gain(0.01, 0.05), realised: gain(0.083, 0.029) },
  { release: digestOf('d'), predicted: gain(0.03, 0.03), realised: null },
];
const plain = { colour: false, columns: 100 };
const chances = { predicts: 0.02, saysNothing: 0.01, misleads: 0.97 };
const place = { chipset: 'edge', iterations: 15, error: 0.02, forecast: null };
const measured: Confidence = {
  state: 'measured',
  have: 15,
  need: 12,
  excess: 0.06,
  next: { gain: gain(0.02, 0.05), probability: 0.74 },
  sets: [
    { set: 'bench top1', slope: gain(0.8, 0.4), ...chances, predicts: 0.97, misleads: 0.02, verdict: 'predicts', iterations: 15 },
    { set: 'studio top1', slope: gain(-0.6, 0.3), ...chances, verdict: 'misleads', iterations: 15 },
    { set: 'clean top1', slope: gain(0, 0.9), ...chances, predicts: 0.4, misleads: 0.3, verdict: 'not told yet', iterations: 4 },
  ],
  places: [
    { ...place, site: 'lobby', offset: gain(0.001, 0.01), teaches: 0.0001, state: 'measured' },
    { ...place, site: 'garden', offset: gain(-0.03, 0.02), teaches: 0.0004, state: 'insufficient' },
  ],
  gap: { gap: gain(0.024, 0.01), trend: gain(-0.001, 0.0005), verdict: 'closing' },
  track: {
    iterations: 15,
    brier: { score: 0.143, reliability: 0.01, resolution: 0.067, uncertainty: 0.2 },
    alwaysShip: 0.2,
    shipBenchGains: 0.267,
    coverage: { value: 0.9, low: 0.6, high: 0.98, n: 15 },
    signAgreement: { value: 0.8, low: 0.49, high: 0.94, n: 15 },
    tau: gain(0.5, 0.2),
    calibration: [],
  },
};
const nothing: Confidence = {
  ...measured,
  state: 'insufficient',
  have: 3,
  need: 8,
  next: null,
  sets: [],
  places: [],
  gap: null,
  track: null,
};
const view = { title: 'porch event-recall', rows, unit: 'fraction', margin: 0.01 } as const;

describe('confidence in a terminal', () => {
  it('says in words what the predictions add up to, then each of them', async () => {
    await expect(renderConfidence({ ...view, confidence: measured }, plain)).toMatchFileSnapshot('__golden__/confidence.txt');
  });

  it('says how many more iterations it needs rather than a number', () => {
    expect(renderConfidence({ ...view, rows: [], confidence: nothing }, plain)).toBe(
      'porch event-recall\ninsufficient: about 5 more iterations needed (3 seen in the field); what is believed meanwhile\n  decides nothing.\n',
    );
  });

  it('says how each prediction fared', () => {
    const text = renderConfidence({ ...view, confidence: nothing }, plain);
    const fates = text.split('\n').flatMap((line) => /\b(within|worse|better)$/.exec(line)?.[1] ?? []);
    expect(fates).toEqual(['within', 'worse', 'better']);
    expect(text).toContain('not yet');
  });
});
