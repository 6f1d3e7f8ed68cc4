/**
 * How often the gates err in worlds whose truth is known. `node bench/statistics-coverage.ts [replicates] [recall|rate|area|latency]`
 * prints the tables of docs/measurements.md.
 */
import { decide } from '../eval/decide.ts';
import { judgeLatency } from '../eval/latency/judge-latency.ts';
import { estimateRatio } from '../eval/latency/estimate-ratio.ts';
import { estimateGain, type Changes } from '../eval/stats/gain.ts';
import type { PairedClusters } from '../eval/stats/paired-clusters.ts';
import { normalQuantile } from '../eval/stats/distributions.ts';
import { estimatePooledDifference } from '../eval/stats/pooled-difference.ts';
import { random } from '../eval/stats/rng.ts';
import {
  QUIET,
  areaOf,
  simulateAreas,
  simulateLatency,
  simulateRates,
  simulateRecall,
  untilPrecise,
  type Machine,
} from '../eval/stats/simulated.fixture.ts';

const replicates = Number(process.argv[2] ?? 2000);
const share = (count: number) => `${((100 * count) / replicates).toFixed(1)}%`;
const row = (...cells: (string | number)[]) => console.log(`| ${cells.join(' | ')} |`);

type World = { clusters: PairedClusters; changes: Changes };

function judge(draw: () => World, margin: number): { pass: string; fail: string; method: string } {
  const [counts, methods] = [{ pass: 0, fail: 0, inconclusive: 0 }, new Map<string, number>()];
  for (let seed = 0; seed < replicates; seed += 1) {
    const { clusters, changes } = draw();
    const estimate = estimateGain(clusters, changes);
    counts[decide(estimate?.interval ?? null, margin)] += 1;
    const method = (estimate?.method ?? 'none').replace(/ on \d+ .*|,.*| \d{4}.*| \(.*| limits.*/, '');
    methods.set(method, (methods.get(method) ?? 0) + 1);
  }
  const [method] = [...methods].toSorted((a, b) => b[1] - a[1])[0] ?? ['none'];
  return { pass: share(counts.pass), fail: share(counts.fail), method };
}

function recallTable(): void {
  row(
    'clusters',
    'events each',
    'margin',
    'churn',
    'share one fate',
    'passes at the margin',
    'fails at the margin',
    'passes, no change',
    'fails, no change',
    'mostly by',
  );
  row(...Array.from({ length: 10 }, () => '---'));
  const worlds = [
    [12, 3, 0.05, 0, 0],
    [12, 3, 0.1, 0.1, 1],
    [30, 3, 0.05, 0, 0],
    [30, 3, 0.1, 0.05, 1],
    [60, 1, 0.05, 0, 0],
    [60, 3, 0.05, 0, 0],
    [60, 3, 0.05, 0, 1],
    [60, 3, 0.05, 0.05, 0.5],
    [200, 1, 0.02, 0, 0],
    [200, 3, 0.02, 0, 0],
    [200, 3, 0.02, 0, 1],
    [200, 5, 0.05, 0.05, 0.5],
    [200, 5, 0.05, 0.1, 1],
  ] as const;
  for (const [clusters, mostEvents, margin, churn, together] of worlds) {
    const next = random(clusters);
    const at = (gain: number) =>
      judge(
        () => ({
          clusters: simulateRecall({ clusters, gain, churn, together, mostEvents }, next),
          changes: { kind: 'bounded', range: 1 },
        }),
        margin,
      );
    const [edge, same] = [at(-margin), at(0)];
    row(
      clusters,
      mostEvents === 1 ? 1 : `1 to ${mostEvents}`,
      margin,
      churn,
      together,
      edge.pass,
      edge.fail,
      same.pass,
      same.fail,
      edge.method,
    );
  }
}

/** A function of all trials at once, by the area under a ROC curve: small clusters, rare cases, and clusters that say the same. */
function areaTable(): void {
  row(
    'clusters',
    'cases each',
    'alike',
    'positive',
    'margin',
    'passes at the margin',
    'fails at the margin',
    'interval holds',
    'passes, no change',
    'says nothing',
  );
  row(...Array.from({ length: 10 }, () => '---'));
  const worlds = [
    [100, 1, 0, 0.5, 0.1],
    [100, 1, 0, 0.7, 0.1],
    [200, 1, 0, 0.8, 0.1],
    [400, 1, 0, 0.9, 0.1],
    [30, 10, 0.5, 0.5, 0.1],
    [100, 5, 0.5, 0.7, 0.05],
  ] as const;
  for (const [clusters, size, together, positive, margin] of worlds) {
    const reference = 1.2;
    // So much less apart that the candidate loses exactly the margin.
    const lost = Math.SQRT2 * normalQuantile(areaOf(reference) - margin);
    const [edge, same] = [lost, reference].map((candidate) => {
      const next = random(clusters);
      const counts = { pass: 0, fail: 0, inconclusive: 0, held: 0, silent: 0 };
      for (let seed = 0; seed < replicates; seed += 1) {
        const pooled = simulateAreas({ clusters, size, together, positive, apart: { candidate, reference } }, next);
        const { interval } = estimatePooledDifference(pooled, seed);
        counts[decide(interval, margin)] += 1;
        const truth = areaOf(candidate) - areaOf(reference);
        if (interval === null) counts.silent += 1;
        else counts.held += Number(interval.low <= truth && truth <= interval.high);
      }
      return counts;
    });
    if (edge === undefined || same === undefined) continue;
    const told = replicates - edge.silent;
    row(
      clusters,
      size,
      together,
      positive,
      margin,
      share(edge.pass),
      share(edge.fail),
      `${((100 * edge.held) / told).toFixed(1)}%`,
      share(same.pass),
      share(edge.silent),
    );
  }
}

function rateTable(): void {
  row(
    'clips of 3 min',
    'margin per hour',
    'shared alarms per hour',
    'at once',
    'passes at the margin',
    'fails at the margin',
    'passes, no change',
    'fails, no change',
    'mostly by',
  );
  row(...Array.from({ length: 9 }, () => '---'));
  const worlds = [
    [12, 2, 1, 1],
    [30, 2, 1, 1],
    [60, 2, 1, 1],
    [200, 0.5, 0.5, 1],
    [200, 0.5, 2, 1],
    [200, 2, 4, 1],
    [200, 2, 4, 3],
    [200, 0.5, 0, 1],
    [100, 2, 0, 3],
  ] as const;
  for (const [clusters, margin, base, burst] of worlds) {
    const next = random(clusters);
    const at = (gain: number) => judge(() => simulateRates({ clusters, gain, base, burst }, next), margin);
    const [edge, same] = [at(-margin), at(0)];
    row(clusters, margin, base, burst, edge.pass, edge.fail, same.pass, same.fail, edge.method);
  }
}

function latencyTable(): void {
  row('machine', 'truly slower by', 'pass', 'fail', 'inconclusive', 'ratio within its interval', 'median half-width');
  row(...Array.from({ length: 7 }, () => '---'));
  const base = { ...QUIET, starts: MOST_STARTS };
  const machines: Record<string, Machine> = {
    quiet: base,
    drifting: { ...base, drift: 0.06, blockNoise: 0.04 },
    noisy: { ...base, drift: 0.1, blockNoise: 0.15, stalls: 0.05 },
  };
  for (const [name, machine] of Object.entries(machines)) {
    for (const slower of [1, 1.1, 1.25]) latencyRow(name, machine, slower);
  }
}

/** A check starts its processes five times, and more often while that is not precise. */
const [STARTS, MOST_STARTS] = [5, 30];

function latencyRow(name: string, machine: Machine, slower: number): void {
  const next = random(11);
  const gate = { kind: 'latency', chipset: 'any', metric: 'latency-p50', margin: 0.1 } as const;
  const counts = { pass: 0, fail: 0, inconclusive: 0 };
  const halfWidths: number[] = [];
  let within = 0;
  for (let seed = 0; seed < replicates; seed += 1) {
    const blocks = untilPrecise(simulateLatency(machine, slower, seed, next), gate, STARTS);
    counts[judgeLatency({ gate, chipset: 'any', against: 'baseline', blocks, remeasured: true }).finding.outcome] += 1;
    const { interval } = estimateRatio(blocks, 'candidate', 'latency-p50');
    if (interval === null) continue;
    within += Number(interval.low <= slower && slower <= interval.high);
    halfWidths.push((interval.high - interval.low) / 2);
  }
  const width = halfWidths.toSorted((a, b) => a - b)[Math.floor(halfWidths.length / 2)] ?? Number.NaN;
  row(
    name,
    `${Math.round((slower - 1) * 100)}%`,
    share(counts.pass),
    share(counts.fail),
    share(counts.inconclusive),
    share(within),
    `${(100 * width).toFixed(1)}%`,
  );
}

const tables: Record<string, { title: string; print: () => void }> = {
  recall: { title: 'Event recall', print: recallTable },
  rate: { title: 'False alarms', print: rateTable },
  area: { title: 'Area under a ROC curve', print: areaTable },
  latency: { title: 'Latency, median within 10%', print: latencyTable },
};
const wanted = process.argv[3];
console.log(`${replicates} replicates each.`);
for (const [name, { title, print }] of Object.entries(tables)) {
  if (wanted !== undefined && wanted !== name) continue;
  console.log(`\n${title}:\n`);
  print();
}
