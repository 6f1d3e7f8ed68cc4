import type { ClipDataset } from '#datasets';
import { compareQuality, type Outcome } from '#eval';
import type { GraphGate } from '#graphs';
import { formatMeasure, type PlaceMeasure, type PlaceReport, type PlacementReport } from '#report';
import { metricOn, type Trial } from '#tasks';
import type { Played } from './played.ts';

type Finding = PlaceReport['findings'][number];

/** What was measured, by placement: at head, and at base where there is one. */
export type Compared = {
  dataset: ClipDataset;
  placements: readonly PlacementReport[];
  runs: ReadonlyMap<string, readonly Played[]>;
  runsBefore: ReadonlyMap<string, readonly Played[]>;
  seed: number;
};

/** What each gate finds, of the placements that were measured. A link that nothing shaped lets nothing pass that goes over it. */
export function judgePlacements(gates: readonly GraphGate[], compared: Compared): Finding[] {
  return gates.flatMap((gate) => {
    const measured = compared.placements.find(({ placement }) => placement === gate.placement);
    if (measured === undefined) return [];
    const found = gate.kind === 'bound' ? [judgeBound(gate, measured)] : judgeQuality(gate, compared);
    return found.map((one) => unshaped(one, measured));
  });
}

/** One verdict of all: every one has to hold. Null where there is none. */
export function outcomeOf(findings: readonly Finding[]): Outcome | null {
  const outcomes = findings.map(({ outcome }) => outcome);
  if (outcomes.length === 0) return null;
  if (outcomes.includes('fail')) return 'fail';
  return outcomes.includes('inconclusive') ? 'inconclusive' : 'pass';
}

function judgeBound({ placement, axis, atMost }: Extract<GraphGate, { kind: 'bound' }>, measured: PlacementReport): Finding {
  const measure = find(measured, axis);
  const allowed = measure === undefined ? '' : `the ${formatMeasure(atMost, measure.unit)} allowed`;
  return finding(placement, axis, measure, atMost, allowed);
}

/** Of a metric: what it lost against base, paired clip by clip and run by run, and its own bounds. */
function judgeQuality(gate: Extract<GraphGate, { kind: 'quality' }>, { dataset, runs, runsBefore, seed }: Compared): Finding[] {
  const { placement, metric: name, margin, atLeast, atMost } = gate;
  const reference = runsBefore.get(placement) ?? null;
  // Without base there is nothing to lose against; bounds hold all the same.
  if (reference === null && atLeast === null && atMost === null) return [];
  const found = compareQuality({
    gate: { ...NOTHING_ELSE, dataset: dataset.name, metric: name, margin: reference === null ? null : margin, atLeast, atMost },
    metric: metricOn(dataset, name),
    dataset: dataset.name,
    candidate: trialsOf(runs.get(placement) ?? []),
    reference: reference === null ? null : trialsOf(reference),
    against: 'baseline',
    chipset: null,
    identical: false,
    seed,
  });
  return found.map(({ outcome, reason }) => ({ placement, measure: name, outcome, reason }));
}

const NOTHING_ELSE = { kind: 'quality', guard: [], guardMargin: null, watch: [], watchOnly: false } as const;

/** A clip is one trial in each run, and one cluster over all of them. */
function trialsOf(runs: readonly Played[]): Trial[] {
  const trials = runs.flatMap((run) => run.trials.map((trial) => ({ ...trial, id: `${run.clips[0]?.repeat ?? 0} ${trial.id}` })));
  return trials.toSorted((a, b) => (a.id < b.id ? -1 : 1));
}

function finding(placement: string, name: string, measure: PlaceMeasure | undefined, bound: number, asked: string): Finding {
  if (measure === undefined || measure.value === null || measure.interval === null) {
    const reason = `nobody can tell ${name}: ${measure?.method ?? 'it was not measured'}`;
    return { placement, measure: name, outcome: 'inconclusive', reason };
  }
  const { title, value, interval, unit, better } = measure;
  const [worst, best] = better === 'more' ? [interval.low, interval.high] : [interval.high, interval.low];
  const keeps = (one: number) => (better === 'more' ? one >= bound : one <= bound);
  const said = `${title} is ${formatMeasure(value, unit)} [${formatMeasure(interval.low, unit)}, ${formatMeasure(interval.high, unit)}]`;
  const outcome: Outcome = keeps(worst) ? 'pass' : keeps(best) ? 'inconclusive' : 'fail';
  const words = { pass: `keeps ${asked}`, fail: `clearly misses ${asked}`, inconclusive: `too close to ${asked} to tell` }[
    outcome
  ];
  return { placement, measure: name, outcome, reason: `${said}: ${words}` };
}

function unshaped(found: Finding, { links }: PlacementReport): Finding {
  const unshapedLinks = links.filter(({ shapedBy }) => shapedBy === null).map(({ link }) => link);
  if (found.outcome !== 'pass' || unshapedLinks.length === 0) return found;
  const reason = `${found.reason}; but nothing shaped ${unshapedLinks.join(', ')} here, so the link was better than it is`;
  return { ...found, outcome: 'inconclusive', reason };
}

function find({ measures }: PlacementReport, name: string): PlaceMeasure | undefined {
  return measures.find((measure) => measure.name === name);
}
