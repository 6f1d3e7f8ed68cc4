import type { CheckReport } from '../../report/documents/check-report.ts';
import { bench, detection, falseAlarms, finding, latencyFindings, slice, speed, streetFails } from './report-findings.ts';
import { exhibits, latency, model } from './report-model.ts';

/** Reports as checks of a porch camera's model would make them; every number is made up, and the same each time. */
export function report(rest: Partial<CheckReport> = {}): CheckReport {
  return {
    version: 2,
    base: 'main 4f1d2c9a8b7e',
    head: 'sharper-bench 9c0e7a55d1f2',
    policy: 'fieldproof.yaml at 4f1d2c9a8b7e',
    runner: { name: 'process', sandboxed: false },
    seed: 20260914,
    startedAt: '2026-09-14T08:31:07.000Z',
    seconds: 194.2,
    outcome: 'pass',
    headline: 'porch passes: nothing got worse by more than is allowed (11 comparisons).',
    models: [model()],
    notes: ['Policy was read from the base: the change edits fieldproof.yaml too, and that edit is not judged by itself.'],
    ...rest,
  };
}

export function failingReport(pictures: readonly string[] = []): CheckReport {
  const pictured = exhibits.map((each, at) => ({ ...each, jpeg: pictures[at] ?? null }));
  const findings = [bench, ...streetFails, falseAlarms, detection, ...latencyFindings];
  return report({
    outcome: 'fail',
    headline:
      'porch fails: on street, the share of events that are found fell by 9.4 points, clearly more than the 5 points allowed (and 1 more).',
    models: [model({ outcome: 'fail', findings, exhibits: pictured })],
  });
}

export function passingReport(): CheckReport {
  const recall = finding({ gain: 0.083, half: 0.029, candidate: 0.918, reference: 0.835 });
  const night = slice('light', 'night', { gain: 0.112, half: 0.051, candidate: 0.954, reference: 0.842, n: 131, clusters: 16 });
  const day = slice('light', 'day', { gain: 0.005, half: 0.027, candidate: 0.895, reference: 0.89, n: 208, clusters: 24 });
  return report({
    head: 'night-and-rain 77ab01c2e9d4',
    headline:
      'porch passes: on street, the share of events that are found rose by 8.3 points, which is clearly better, and nothing got worse by more than is allowed.',
    runner: { name: 'docker', sandboxed: true },
    models: [
      model({
        findings: [bench, recall, night, day, falseAlarms, detection, ...latencyFindings],
        proposal: {
          repository: '../fleet.git',
          branch: 'fieldproof/porch-77ab01c2e9d4',
          commit: 'c0ffee1234567890abcdef1234567890abcdef12',
        },
      }),
    ],
  });
}

export function inconclusiveReport(): CheckReport {
  const recall = finding(
    { gain: -0.021, half: 0.062, candidate: 0.814, reference: 0.835, n: 96, clusters: 11 },
    {
      outcome: 'inconclusive',
      reason:
        'the share of events that are found fell by 2.1 points, and there is too little data to tell whether that is more than the 5 points allowed',
      remedy: 'about 55 more minutes of footage with events would decide; yard-oslo has the fewest',
    },
  );
  const unmeasured = finding(null, {
    ...speed,
    chipset: 'edge-box',
    outcome: 'inconclusive',
    reason: 'this host lacks avx512_vnni, which edge-box requires',
    remedy: 'run the check on a host of that kind',
  });
  return report({
    outcome: 'inconclusive',
    headline:
      'porch is undecided: on street, the share of events that are found fell by 2.1 points, and there is too little data to tell whether that is more than the 5 points allowed (and 1 more).',
    models: [model({ outcome: 'inconclusive', findings: [bench, recall, unmeasured], latency: [], prediction: null })],
  });
}

export function firstReport(): CheckReport {
  const bounded = { against: 'bound', margin: 0, minimumDetectableEffect: null } as const;
  const findings = [
    finding(
      { gain: 0.063, half: 0.011, candidate: 0.913, reference: 0.85, n: 2400, clusters: 2400 },
      { metric: 'top1', dataset: 'bench', ...bounded },
    ),
    finding({ gain: 0.435, half: 0.05, candidate: 0.835, reference: 0.4 }, bounded),
    finding(
      { gain: 1.26, half: 0.2, candidate: 0.74, reference: 2 },
      { metric: 'false-alarms-per-hour', unit: 'per hour', better: 'less', ...bounded },
    ),
  ];
  const alone = latency('cloud-x86', 4.14, 4.14, 0, { baseline: null, ratio: null, control: null, enrolled: false });
  return report({
    headline: 'porch passes: nothing is deployed yet to compare it with, and it keeps every bound.',
    models: [model({ history: 'first', baselines: [], findings, latency: [alone], prediction: null, record: null })],
  });
}

export function unchangedReport(): CheckReport {
  const same = finding(
    { gain: 0, half: 0, candidate: 0.835, reference: 0.835 },
    {
      identical: true,
      minimumDetectableEffect: null,
      reason: 'the same release on the same inputs',
    },
  );
  return report({
    seconds: 0.8,
    headline: 'porch passes: it is the very release that it is compared with.',
    models: [model({ history: 'unchanged', findings: [same], latency: [], sites: [], prediction: null, notes: [] })],
  });
}

/** Four hundred guarded slices, a few of which fail. */
export function wideReport(): CheckReport {
  const slices = Array.from({ length: 400 }, (_, at) => {
    const gain = 0.021 * Math.sin(at * 1.7) - (at % 67 === 5 ? 0.15 : 0);
    const outcome = gain + 0.027 < -0.05 ? 'fail' : gain - 0.03 > -0.05 ? 'pass' : 'inconclusive';
    const reason = {
      fail: 'all of its interval is beyond the margin',
      inconclusive: 'its interval holds the margin',
      pass: 'kept',
    }[outcome];
    return slice(
      'site',
      `site-${String(at).padStart(3, '0')}`,
      { gain, half: 0.03, candidate: 0.83 + gain, reference: 0.83, n: 40, clusters: 6 },
      { outcome, reason },
    );
  });
  return report({
    outcome: 'fail',
    headline: 'porch fails: on street where site is site-005, all of its interval is beyond the margin (and 5 more).',
    models: [
      model({ outcome: 'fail', findings: [finding({ gain: 0.002, half: 0.008, candidate: 0.832, reference: 0.83 }), ...slices] }),
    ],
  });
}
