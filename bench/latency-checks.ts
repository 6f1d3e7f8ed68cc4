/**
 * How often a gate on latency with a tight margin fails or cannot decide what did not change, and fails what is slower, in worlds whose truth is
 * known. Real processes: bench/aa-checks.ts.
 *
 *     node bench/latency-checks.ts [--margin 0.03] [--runs 200] [--machine quiet] [--slower 0,0.05]
 *
 * So many runs of what did not change, and a quarter as many of what did.
 */
import { parseArgs } from 'node:util';
import { judgeLatency } from '../eval/latency/judge-latency.ts';
import type { LatencyBlock } from '../eval/latency/plan-blocks.ts';
import { random } from '../eval/stats/rng.ts';
import { QUIET, simulateLatency, untilPrecise, type Machine } from '../eval/stats/simulated.fixture.ts';
import { mostStarts, STARTS } from '../pipelines/check/speed/speed-protocol.ts';

const { values } = parseArgs({
  options: {
    margin: { type: 'string', default: '0.03' },
    runs: { type: 'string', default: '200' },
    machine: { type: 'string' },
    slower: { type: 'string', default: '0,0.01,0.03,0.05' },
  },
});
const margin = Number(values.margin);
const gate = { kind: 'latency', chipset: 'any', metric: 'latency-p50', margin } as const;
const MOST_STARTS = mostStarts([gate]);

const quiet: Machine = { ...QUIET, starts: MOST_STARTS };
const machines: Record<string, Machine> = { quiet, drifting: { ...quiet, drift: 0.06, blockNoise: 0.04 } };

console.log(`margin ${100 * margin}%; what a disturbed machine leaves undecided is measured again once\n`);
console.log('| machine | truly slower by | checks | pass | fail | inconclusive | median starts |\n|---|---|---|---|---|---|---|');
for (const [name, machine] of Object.entries(machines)) {
  if (values.machine !== undefined && values.machine !== name) continue;
  for (const slower of values.slower.split(',').map(Number)) {
    const runs = Number(values.runs) / (slower === 0 ? 1 : 4);
    const next = random(17);
    const counts = { pass: 0, fail: 0, inconclusive: 0 };
    const starts: number[] = [];
    for (let run = 0; run < runs; run += 1) {
      const { outcome, started } = check(machine, 1 + slower, 2 * run, next);
      counts[outcome] += 1;
      starts.push(started);
    }
    const share = (count: number) => `${((100 * count) / runs).toFixed(1)}%`;
    const median = starts.toSorted((a, b) => a - b)[Math.floor(starts.length / 2)] ?? 0;
    console.log(
      `| ${name} | ${100 * slower}% | ${runs} | ${share(counts.pass)} | ${share(counts.fail)} | ${share(counts.inconclusive)} | ${median} |`,
    );
  }
}

function check(machine: Machine, slower: number, seed: number, next: () => number) {
  const first = untilPrecise(simulateLatency(machine, slower, seed, next), gate, STARTS);
  const once = judgeLatency({ gate, chipset: 'any', against: 'baseline', blocks: first, remeasured: false });
  if (!once.measureAgain) return { outcome: once.finding.outcome, started: startsIn(first) };
  const second = untilPrecise(simulateLatency(machine, slower, seed + 1, next), gate, STARTS);
  const again = judgeLatency({ gate, chipset: 'any', against: 'baseline', blocks: second, remeasured: true });
  return { outcome: again.finding.outcome, started: startsIn(first) + startsIn(second) };
}

function startsIn(blocks: readonly LatencyBlock[]): number {
  return new Set(blocks.map(({ start }) => start)).size;
}
