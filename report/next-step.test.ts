import { describe, expect, it } from 'vitest';
import { failingReport, inconclusiveReport } from '../testing/reports/report-fixtures.ts';
import type { CheckReport, Finding } from './documents/check-report.ts';
import { nextStep } from './next-step.ts';

const [model] = inconclusiveReport().models;
const [pattern] = (model?.findings ?? []).filter(({ outcome }) => outcome === 'inconclusive');

/** A finding that is undecided: so far its lower bound lies below the margin of 5 points. */
function open(dataset: string, low: number | null, changes: Partial<Finding> = {}): Finding {
  if (pattern === undefined) throw new Error('the fixture has no undecided finding');
  const interval = low === null ? null : { low, high: 0.02 };
  const gain = { ...pattern.gain, value: 0, interval };
  return {
    ...pattern,
    dataset,
    chipset: null,
    slice: null,
    role: 'decides',
    margin: 0.05,
    gain,
    remedy: `more ${dataset}`,
    ...changes,
  };
}

function nextOf(...findings: Finding[]): string | undefined {
  const report: CheckReport = { ...inconclusiveReport(), models: model === undefined ? [] : [{ ...model, findings }] };
  return nextStep(report)?.remedy;
}

describe('the one thing to do next of an undecided check', () => {
  it.each<[string, Finding[], string | undefined]>([
    ['is what the widest of several intervals asks for', [open('near', -0.06), open('far', -0.2), open('mid', -0.1)], 'more far'],
    ['is what a gate asks for that could tell nothing at all', [open('near', -0.06), open('none', null)], 'more none'],
    ['is nothing of what only watches', [open('near', -0.06), open('far', -0.9, { role: 'watches' })], 'more near'],
    ['is nothing of what passed', [open('near', -0.06), open('far', -0.9, { outcome: 'pass' })], 'more near'],
    ['is not known where nobody knows what would decide', [open('near', -0.06, { remedy: null })], undefined],
  ])('%s', (_, findings, remedy) => expect(nextOf(...findings)).toBe(remedy));

  it('is none of a check that is decided', () => expect(nextStep(failingReport())).toBeNull());
});
