import type { Finding } from '../../report/documents/check-report.ts';

/** What a check of a porch camera's model might find; every number is made up, and the same each time. */
type Numbers = { gain: number; half: number; candidate: number; reference: number; n?: number; clusters?: number };

export function finding(numbers: Numbers | null, rest: Partial<Finding> = {}): Finding {
  const gain = numbers?.gain ?? null;
  return {
    metric: 'event-recall',
    unit: 'fraction',
    better: 'more',
    dataset: 'street',
    chipset: null,
    slice: null,
    against: 'baseline',
    role: 'decides',
    candidate: numbers?.candidate ?? null,
    reference: numbers?.reference ?? null,
    gain: {
      value: gain,
      interval: numbers === null ? null : { low: numbers.gain - numbers.half, high: numbers.gain + numbers.half * 0.9 },
      method: 'cluster BCa bootstrap',
      clusters: numbers === null ? 0 : (numbers.clusters ?? 48),
      n: numbers === null ? 0 : (numbers.n ?? 412),
    },
    margin: 0.05,
    minimumDetectableEffect: numbers === null ? null : numbers.half * 1.4,
    outcome: 'pass',
    identical: false,
    reason: 'a loss of that much or more is ruled out',
    remedy: null,
    ...rest,
  };
}

export function slice(by: string, value: string, numbers: Numbers | null, rest: Partial<Finding> = {}): Finding {
  return finding(numbers, { slice: { by, value }, role: 'guards', ...rest });
}

export const bench = finding(
  { gain: 0.021, half: 0.012, candidate: 0.934, reference: 0.913, n: 2400, clusters: 2400 },
  { metric: 'top1', dataset: 'bench', margin: 0.02 },
);

export const falseAlarms = finding(
  { gain: -0.12, half: 0.21, candidate: 0.86, reference: 0.74 },
  { metric: 'false-alarms-per-hour', unit: 'per hour', better: 'less', margin: 0.5 },
);

export const detection = finding(
  { gain: 0.06, half: 0.16, candidate: 1.42, reference: 1.48 },
  { metric: 'time-to-detect', unit: 'seconds', better: 'less', margin: 0.5, role: 'watches' },
);

export const speed = { metric: 'latency-p50', unit: 'ratio', better: 'less', dataset: null, margin: Math.log(1.1) } as const;

export const latencyFindings = [
  finding(
    { gain: -0.018, half: 0.022, candidate: 4.21, reference: 4.14, n: 1200, clusters: 60 },
    { ...speed, chipset: 'cloud-x86' },
  ),
  finding(
    { gain: 0.041, half: 0.031, candidate: 11.8, reference: 12.3, n: 1200, clusters: 60 },
    { ...speed, chipset: 'edge-box' },
  ),
  finding(
    { gain: 27.4, half: 1.9, candidate: 92.6, reference: 120, n: 1200, clusters: 60 },
    {
      metric: 'latency-p95',
      unit: 'milliseconds',
      better: 'less',
      dataset: null,
      chipset: 'edge-box',
      against: 'budget',
      margin: 0,
      minimumDetectableEffect: null,
    },
  ),
];

export const streetFails: readonly Finding[] = [
  finding(
    { gain: -0.094, half: 0.031, candidate: 0.741, reference: 0.835 },
    {
      outcome: 'fail',
      reason:
        'the share of events that are found fell by 9.4 points, clearly more than the 5 points allowed (14 won and 53 lost of 412 events)',
      remedy: 'look at the missed events below: most are at night',
    },
  ),
  slice(
    'light',
    'night',
    { gain: -0.231, half: 0.054, candidate: 0.611, reference: 0.842, n: 131, clusters: 16 },
    {
      outcome: 'fail',
      reason:
        'the share of events that are found fell by 23.1 points, clearly more than the 5 points allowed (2 won and 32 lost of 131 events)',
      remedy: 'add night and infrared footage to the training set; the bench has none',
    },
  ),
  slice('light', 'day', { gain: 0.012, half: 0.034, candidate: 0.902, reference: 0.89, n: 208, clusters: 24 }),
  slice(
    'light',
    'dusk',
    { gain: -0.038, half: 0.061, candidate: 0.795, reference: 0.833, n: 73, clusters: 8 },
    {
      outcome: 'inconclusive',
      reason:
        'the share of events that are found fell by 3.8 points, and there is too little data to tell whether that is more than the 5 points allowed (4 won and 7 lost of 73 events)',
      remedy: 'about 40 more minutes of footage at dusk would decide',
    },
  ),
  slice(
    'weather',
    'rain',
    { gain: -0.061, half: 0.098, candidate: 0.702, reference: 0.763, n: 38, clusters: 5 },
    { role: 'watches', outcome: 'inconclusive' },
  ),
  slice('weather', 'snow', null, { role: 'watches', outcome: 'inconclusive', reason: 'no footage of it' }),
];
