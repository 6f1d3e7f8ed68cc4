import { digestOf, type Digest, releaseOf } from '#kernel';
import type { Exhibit, LatencyReport, ModelReport } from '../../report/documents/check-report.ts';

const CANDIDATE: Digest = digestOf('candidate');
const BASELINE: Digest = digestOf('baseline');
const RUNTIME: Digest = digestOf('runtime');

/** About log-normal, without a random number: the quantiles themselves. */
function latencies(median: number, spread: number, count = 400): number[] {
  return Array.from({ length: count }, (_, at) => {
    const p = (at + 0.5) / count;
    const normal = (Math.log(p / (1 - p)) / 1.702) * 1.02;
    return Number((median * Math.exp(spread * normal + 0.02 * Math.sin(at / 9))).toFixed(4));
  }).toSorted((a, b) => a - b);
}

export function latency(
  chipset: string,
  candidate: number,
  baseline: number,
  gain: number,
  rest: Partial<LatencyReport> = {},
): LatencyReport {
  const points = latencies(candidate, 0.09);
  return {
    chipset,
    key: { cpuModel: 'Example CPU @ 2.80GHz', cores: 2, governor: null, provider: 'cpu', threads: 1 },
    enrolled: true,
    candidate: points,
    baseline: latencies(baseline, 0.08),
    ratio: estimate(Math.exp(-gain), 0.023),
    control: estimate(1.004, 0.011),
    percentiles: {
      'latency-p50': points[200] ?? null,
      'latency-p90': points[360] ?? null,
      'latency-p95': points[380] ?? null,
      'latency-p99': null,
    },
    ...rest,
  };
}

export function exhibit(rest: Partial<Exhibit> = {}): Exhibit {
  return {
    change: 'lost',
    dataset: 'street',
    sample: 'lobby-berlin/0412.mp4',
    caption: 'person missed, found before',
    slices: { light: 'night', weather: 'clear', site: 'lobby-berlin' },
    jpeg: null,
    width: 320,
    height: 180,
    ...rest,
  };
}

/** What stands around a missed event, in frames that are given. */
export function filmed(pictures: readonly string[]): Exhibit['film'] {
  const said = { label: 'person', score: 0.81 };
  return {
    frames: pictures.map((jpeg, index) => ({ at: 10 + index / 2, jpeg, width: 320, height: 180 })),
    boxes: [],
    spans: [
      { role: 'truth', label: 'person', score: null, start: 10.5, end: 13 },
      { role: 'reference', ...said, start: 10.8, end: 13.2 },
      { role: 'candidate', ...said, score: 0.55, start: 12.6, end: 13.2 },
    ],
  };
}

/** Boxes on one picture, where the two releases disagree. */
export function boxed(jpeg: string): Exhibit['film'] {
  const box = (role: 'truth' | 'reference' | 'candidate', score: number | null, x1: number) => ({
    role,
    label: 'person',
    score,
    x1,
    y1: 0.35,
    x2: x1 + 0.12,
    y2: 0.9,
  });
  return {
    frames: [{ at: null, jpeg, width: 320, height: 180 }],
    boxes: [box('truth', null, 0.2), box('reference', 0.92, 0.21), box('candidate', 0.4, 0.6)],
    spans: [],
  };
}

export const exhibits: readonly Exhibit[] = [
  exhibit(),
  exhibit({ sample: 'yard-oslo/0031.mp4', slices: { light: 'night', weather: 'rain', site: 'yard-oslo' } }),
  exhibit({
    sample: 'yard-oslo/0077.mp4',
    caption: 'vehicle missed, found before',
    slices: { light: 'night', weather: 'clear', site: 'yard-oslo' },
  }),
  exhibit({
    change: 'lost',
    sample: 'gate-lyon/0009.mp4',
    caption: 'false alarm: animal',
    slices: { light: 'dusk', site: 'gate-lyon' },
  }),
  exhibit({
    sample: 'gate-lyon/0115.mp4',
    caption: 'parcel missed, found before',
    slices: { light: 'night', site: 'gate-lyon' },
  }),
  exhibit({ sample: 'lobby-berlin/0733.mp4' }),
  exhibit({
    change: 'gained',
    sample: 'lobby-berlin/0208.mp4',
    caption: 'parcel found now, missed before',
    slices: { light: 'day', site: 'lobby-berlin' },
  }),
  exhibit({
    change: 'gained',
    sample: 'yard-oslo/0154.mp4',
    caption: 'vehicle found now, missed before',
    slices: { light: 'day', site: 'yard-oslo' },
  }),
];

function estimate(value: number, half: number): LatencyReport['ratio'] {
  return {
    value,
    interval: { low: value - half, high: value + half },
    method: 'Student over starts, of Hodges-Lehmann over interleaved block pairs',
    clusters: 60,
    n: 1200,
  };
}

export function model(rest: Partial<ModelReport> = {}): ModelReport {
  return {
    model: 'porch',
    outcome: 'pass',
    history: 'change',
    candidate: releaseOf({ model: CANDIDATE, runtime: RUNTIME }),
    baselines: [
      { release: releaseOf({ model: BASELINE, runtime: RUNTIME }), chipsets: ['cloud-x86', 'edge-box'], commit: '4f1d2c9a8b7e' },
    ],
    findings: [],
    latency: [latency('cloud-x86', 4.21, 4.14, -0.018), latency('edge-box', 11.8, 12.3, 0.041)],
    exhibits: [],
    sites: [
      { name: 'lobby-berlin', chipset: 'edge-box', payloadBytes: 412_672, transferSeconds: 1.65 },
      { name: 'yard-oslo', chipset: 'edge-box', payloadBytes: 412_672, transferSeconds: 6.6 },
      { name: 'cloud-eu', chipset: 'cloud-x86', payloadBytes: 0, transferSeconds: null },
      { name: 'gate-lyon', chipset: 'edge-box', payloadBytes: null, transferSeconds: null },
    ],
    prediction: {
      dataset: 'street',
      metric: 'event-recall',
      gain: {
        value: 0.016,
        interval: { low: -0.031, high: 0.062 },
        method: 'prior slope 0.75 on the bench gain',
        clusters: 4,
        n: 4,
      },
      basis: 'the bench gain of 2.1 points, shrunk by what four earlier releases kept of theirs',
    },
    notes: ['2,400 bench samples, 3 ties (lowest index).', 'Baseline accuracy was taken from the cache; latency never is.'],
    proposal: null,
    record: digestOf('record'),
    ...rest,
  };
}
