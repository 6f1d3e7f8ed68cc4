import { describe, expect, it } from 'vitest';
import { falseAlarms, finding, slice, streetFails } from '../../../testing/reports/report-findings.ts';
import { model } from '../../../testing/reports/report-model.ts';
import type { Finding } from '#report';
import { headlineOf } from './headline.ts';

describe('the sentence that says what was decided', () => {
  it('tells one finding with one number, leaves out what was counted, and says how many more there are', () => {
    expect(headlineOf([model({ outcome: 'fail', findings: [...streetFails, { ...falseAlarms, outcome: 'fail' }] })])).toBe(
      'porch fails: on street, the share of events that are found fell by 9.4 points, clearly more than the 5 points allowed (and 2 more).',
    );
  });

  it('does not call a release judged by identity that was measured all the same', () => {
    const asked = { history: 'unchanged' as const, outcome: 'inconclusive' as const };
    const open = { ...falseAlarms, outcome: 'inconclusive' as const, reason: 'there are too few hours' };
    expect(headlineOf([model({ ...asked, findings: [open] })])).toBe('porch is undecided: on street, there are too few hours.');
    expect(headlineOf([model({ ...asked, outcome: 'pass', findings: [] })])).toBe(
      'porch passes: it is the very release that it is compared with.',
    );
  });

  it('names the slice, the anchor or the chipset that decided alone', () => {
    const open = { outcome: 'inconclusive', reason: 'there is no footage of it' } as const;
    const said = (...findings: readonly Finding[]) => headlineOf([model({ outcome: 'inconclusive', findings: [...findings] })]);
    expect(said(slice('light', 'night', null, open))).toBe(
      'porch is undecided: on street where light is night, there is no footage of it.',
    );
    expect(said(finding(null, { ...open, against: 'anchor' }))).toBe(
      'porch is undecided: on street beside the anchor, there is no footage of it.',
    );
    expect(said(finding(null, { ...open, dataset: null, chipset: 'edge-box' }))).toBe(
      'porch is undecided: on edge-box, there is no footage of it.',
    );
  });

  it('does not say a place twice', () => {
    const absent = { outcome: 'inconclusive', reason: 'edge-box was not measured', dataset: null, chipset: 'edge-box' } as const;
    expect(headlineOf([model({ outcome: 'inconclusive', findings: [finding(null, absent)] })])).toBe(
      'porch is undecided: edge-box was not measured.',
    );
  });

  it('says of a pass what got better, or that nothing got worse', () => {
    const better = finding(
      { gain: 0.083, half: 0.029, candidate: 0.918, reference: 0.835 },
      { reason: 'the share of events that are found rose by 8.3 points, which is clearly better (40 won of 412 events)' },
    );
    expect(headlineOf([model({ findings: [falseAlarms, better] })])).toBe(
      'porch passes: on street, the share of events that are found rose by 8.3 points, which is clearly better, and nothing got worse by more than is allowed.',
    );
    expect(headlineOf([model({ findings: [falseAlarms] })])).toBe(
      'porch passes: nothing got worse by more than is allowed (1 comparison).',
    );
    expect(headlineOf([model({ history: 'first', findings: [falseAlarms] })])).toBe(
      'porch passes: nothing is deployed yet to compare it with, and it keeps every bound.',
    );
  });
});
