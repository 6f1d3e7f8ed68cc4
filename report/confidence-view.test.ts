import { describe, expect, it } from 'vitest';
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

describe('confidence in a terminal', () => {
  it('says what the predictions add up to, then each of them', async () => {
    const summary = {
      state: 'measured',
      releases: 15,
      signAgreement: { value: 0.8, low: 0.49, high: 0.94 },
      coverage: { value: 0.9, low: 0.6, high: 0.98 },
      brier: 0.143,
      naiveBrier: 0.2,
    } as const;
    await expect(renderConfidence({ title: 'porch event-recall', rows, summary }, plain)).toMatchFileSnapshot(
      '__golden__/confidence.txt',
    );
  });

  it('says how many more releases it needs rather than a number', () => {
    const text = renderConfidence({ title: 'porch', rows: [], summary: { state: 'insufficient', have: 3, need: 8 } }, plain);
    expect(text).toBe('porch\ninsufficient: 5 more releases needed (3 of 8 have been seen in the field)\n');
  });

  it('says how each prediction fared', () => {
    const text = renderConfidence({ title: 'porch', rows, summary: { state: 'insufficient', have: 3, need: 8 } }, plain);
    const fates = text.split('\n').flatMap((line) => /\b(within|worse|better)$/.exec(line)?.[1] ?? []);
    expect(fates).toEqual(['within', 'worse', 'better']);
    expect(text).toContain('not yet');
  });
});
