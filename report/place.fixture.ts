import type { PlaceMeasure, PlaceReport, PlacementReport } from './documents/place-report.ts';

type Numbers = Readonly<
  Record<'recall' | 'dropped' | 'p95' | 'uplink' | 'cost', readonly [low: number, value: number, high: number]>
>;

function measure(
  name: string,
  title: string,
  unit: PlaceMeasure['unit'],
  numbers: readonly [number, number, number],
): PlaceMeasure {
  const [low, value, high] = numbers;
  const better = name === 'event-recall' ? 'more' : 'less';
  return { name, title, unit, better, value, interval: { low, high }, method: 'bootstrap over 8 clips' };
}

export function placementOf(
  placement: string,
  { recall, dropped, p95, uplink, cost }: Numbers,
  dominatedBy: string[] = [],
): PlacementReport {
  return {
    placement,
    measures: [
      measure('event-recall', 'event recall', 'fraction', recall),
      measure('dropped', 'frames dropped', 'fraction', dropped),
      measure('end-to-end-p95', 'capture to answer, p95', 'milliseconds', p95),
      measure('uplink', 'uplink of a site', 'bit/s', uplink),
      measure('cost', 'cost', 'a camera and month', cost),
    ],
    stages: [{ stage: 'find', place: 'edge', handled: 812, dropped: 3, processor: 41.5, p50: 38, p95: 190 }],
    places: [
      {
        place: 'edge',
        cpus: 0.25,
        limitedBy: 'a quota of the kernel',
        load: 0.62,
        peakMemory: 140e6,
        clock: { offset: -3.2, within: 0.2 },
      },
    ],
    crossings: [{ from: 'cut', to: 'who', kind: 'crop', way: 'up', link: 'dsl', bytesAnHour: 2.5e6, dropped: 0 }],
    links: [{ link: 'dsl', shapedBy: 'tbf between network namespaces' }],
    dominatedBy,
  };
}

export const HYBRID = placementOf(
  'hybrid',
  { recall: [0.8, 0.86, 0.9], dropped: [0, 0.002, 0.01], p95: [250, 290, 330], uplink: [9e5, 1e6, 1.1e6], cost: [4.1, 4.4, 4.8] },
  ['more-edge'],
);
export const MORE_EDGE = placementOf('more-edge', {
  recall: [0.79, 0.85, 0.9],
  dropped: [0, 0.004, 0.012],
  p95: [200, 230, 245],
  uplink: [2e4, 3e4, 4e4],
  cost: [0.6, 0.7, 0.8],
});

export const PLACE_REPORT: PlaceReport = {
  version: 1,
  graph: 'door',
  footage: { dataset: 'street', clips: 8, seconds: 131 },
  cameras: 8,
  repeats: 2,
  seed: 1,
  base: 'a'.repeat(40),
  head: 'b'.repeat(40),
  changed: ['find'],
  placements: [HYBRID, MORE_EDGE],
  before: [{ ...HYBRID, dominatedBy: [] }, MORE_EDGE],
  swaps: [{ placement: 'hybrid', stage: 'find', measures: MORE_EDGE.measures }],
  bearings: [
    {
      placement: 'more-edge',
      cameras: 11,
      tried: [],
      broke: { stage: 'find', place: 'edge', why: 'it takes 81% of what the stages there take' },
      confirmed: {
        seconds: 300,
        tried: [
          { cameras: 11, dropped: 0.011, p95: 420, bears: true },
          { cameras: 13, dropped: 0.09, p95: 2100, bears: false },
        ],
        agrees: true,
      },
    },
  ],
  order: { runs: 2, apart: 3, otherwise: [{ measure: 'capture to answer, p95', low: 'more-edge', high: 'hybrid', inRuns: [2] }] },
  findings: [
    {
      placement: 'hybrid',
      measure: 'uplink',
      outcome: 'pass',
      reason: 'uplink of a site is 1 Mbit/s: keeps the 1.6 Mbit/s allowed',
    },
    { placement: 'more-edge', measure: 'dropped', outcome: 'inconclusive', reason: 'frames dropped is <b>0.4%</b>' },
  ],
  outcome: 'inconclusive',
  notes: ['dsl was shaped by tbf between network namespaces.'],
  took: 185,
};
