import { describe, expect, it } from 'vitest';
import { falseAlarms, slice, streetFails } from '../../../testing/reports/report-findings.ts';
import { model } from '../../../testing/reports/report-model.ts';
import { headlineOf } from './headline.ts';

describe('the sentence that says what was decided', () => {
  it('names unlike findings before it says one twice, and leaves out what was counted', () => {
    const alarms = {
      ...falseAlarms,
      outcome: 'fail' as const,
      reason: '60/h worse (57 more and 10 fewer false alarms in 0.8 h)',
    };
    expect(headlineOf([model({ outcome: 'fail', findings: [...streetFails, alarms] })])).toBe(
      'porch fails: event-recall on street: 9.4 pp worse, at most 6.6 pp worse: it loses more than 5 pp; ' +
        'false-alarms-per-hour on street: 60/h worse; and 1 more.',
    );
  });

  it('does not call a release judged by identity that was measured all the same', () => {
    const asked = { history: 'unchanged' as const, outcome: 'inconclusive' as const };
    const finding = { ...falseAlarms, outcome: 'inconclusive' as const, reason: 'too few hours' };
    expect(headlineOf([model({ ...asked, findings: [finding] })])).toBe(
      'porch is undecided: false-alarms-per-hour on street: too few hours.',
    );
    expect(headlineOf([model({ ...asked, outcome: 'pass', findings: [] })])).toBe(
      'porch is what is deployed already: pass by identity.',
    );
  });

  it('names the slice that decided alone', () => {
    const night = slice('light', 'night', null, { outcome: 'inconclusive', reason: 'no footage of it' });
    expect(headlineOf([model({ outcome: 'inconclusive', findings: [night] })])).toBe(
      'porch is undecided: event-recall at light=night on street: no footage of it.',
    );
  });
});
