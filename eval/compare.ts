import { CouldNotRun } from '#kernel';
import type { Dataset } from '#datasets';
import { type Finding, type Subject, unmeasured } from './finding.ts';
import type { QualityGate } from './gate.ts';
import { judgeBound } from './judge-bound.ts';
import { judgeGain, judgeIdentical, type Asked } from './judge-gain.ts';
import { eventRecall, falseAlarmsPerHour, type Metric, timeToDetect, top1, top5, type ClipTrial, type SampleTrial } from '#tasks';
import { pairClips, pairSamples, slicesNamed, type PairedTrial } from './paired-trials.ts';

/** A gate and what both sides made of its dataset. The trials are SampleTrials for research, ClipTrials for replay. */
export type QualityQuestion = {
  gate: QualityGate;
  dataset: Dataset;
  candidate: readonly SampleTrial[] | readonly ClipTrial[];
  /** Null for the first release of a model: then only bounds can judge it. */
  reference: readonly SampleTrial[] | readonly ClipTrial[] | null;
  against: 'baseline' | 'anchor';
  chipset: string | null;
  /** The same release on the same inputs. */
  identical: boolean;
  seed: number;
};

/** Whether candidate or reference, all trials or none: what every finding of one question shares. */
type Scope<T> = { question: QualityQuestion; metric: Metric<T>; trials: readonly PairedTrial<T>[] };

/**
 * All that a quality gate finds: the gain over the reference on the whole and on every guarded or watched slice, and the
 * gate's own bounds, which are judged once, beside the baseline.
 * @throws CouldNotRun when the metric is not one of such a dataset
 * @throws RangeError when both sides did not see the same samples
 */
export function compareQuality(question: QualityQuestion): Finding[] {
  const { gate, dataset } = question;
  if (gate.metric === 'top1' || gate.metric === 'top5') {
    if (dataset.kind !== 'research') throw wrongKind(gate, dataset);
    const [candidate, reference] = [question.candidate, question.reference] as [SampleTrial[], SampleTrial[] | null];
    return findings({ question, metric: sampleMetrics[gate.metric], trials: pairSamples(dataset, candidate, reference) });
  }
  if (dataset.kind !== 'replay') throw wrongKind(gate, dataset);
  const [candidate, reference] = [question.candidate, question.reference] as [ClipTrial[], ClipTrial[] | null];
  return findings({ question, metric: clipMetrics[gate.metric], trials: pairClips(candidate, reference) });
}

const sampleMetrics = { top1, top5 };
const clipMetrics = { 'event-recall': eventRecall, 'false-alarms-per-hour': falseAlarmsPerHour, 'time-to-detect': timeToDetect };

function findings<T>(scope: Scope<T>): Finding[] {
  const { gate, reference } = scope.question;
  if (reference === null) {
    const bounds = boundFindings(scope);
    return bounds.length > 0 ? bounds : [firstOfItsKind(scope)];
  }
  if (gate.margin === null && !gate.watchOnly) return boundFindings(scope);
  const whole = { trials: scope.trials, slice: null, role: gate.watchOnly ? 'watches' : 'decides' } as const;
  return [
    relative(scope, whole),
    ...gate.guard.flatMap((by) => sliceFindings(scope, by, gate.watchOnly ? 'watches' : 'guards')),
    ...gate.watch.flatMap((by) => sliceFindings(scope, by, 'watches')),
    ...boundFindings(scope),
  ];
}

type Part<T> = { trials: readonly PairedTrial<T>[]; slice: Subject['slice']; role: Subject['role'] };

function relative<T>(scope: Scope<T>, part: Part<T>): Finding {
  const { question } = scope;
  const { margin, guardMargin } = question.gate;
  const allowed = part.role === 'guards' ? (guardMargin ?? margin) : margin;
  const asked = ask(scope, part, { against: question.against, margin: allowed ?? 0 });
  return question.identical ? judgeIdentical(asked) : judgeGain(asked);
}

function sliceFindings<T>(scope: Scope<T>, by: string, role: 'guards' | 'watches'): Finding[] {
  const slices = slicesNamed(scope.trials, by);
  if (slices.length === 0 && role === 'guards') return [relative(scope, { trials: [], slice: { by, value: 'none' }, role })];
  return slices.map(({ value, trials }) => relative(scope, { trials, slice: { by, value }, role }));
}

function boundFindings<T>(scope: Scope<T>): Finding[] {
  const { gate, against, reference } = scope.question;
  if (against === 'anchor' && reference !== null) return [];
  const bounds = [gate.atLeast, gate.atMost].filter((bound) => bound !== null);
  const part = { trials: scope.trials, slice: null, role: gate.watchOnly ? 'watches' : 'decides' } as const;
  return bounds.map((bound) => judgeBound(ask(scope, part, { against: 'bound', margin: 0 }), bound));
}

/** With nothing deployed there is nothing to lose against; the candidate is shown, and other gates' bounds decide. */
function firstOfItsKind<T>(scope: Scope<T>): Finding {
  const asked = ask(scope, { trials: scope.trials, slice: null, role: 'watches' }, { against: 'bound', margin: 0 });
  return {
    ...judgeBound(asked, 0),
    reference: null,
    gain: unmeasured('nothing to compare with'),
    minimumDetectableEffect: null,
    outcome: 'inconclusive',
    reason: 'no release is deployed yet to compare with',
    remedy: `give the gate ${scope.metric.better === 'more' ? 'at-least' : 'at-most'}, so that it can judge a first release`,
  };
}

function ask<T>(
  { question, metric }: Scope<T>,
  { trials, slice, role }: Part<T>,
  { against, margin }: Pick<Subject, 'against' | 'margin'>,
): Asked<T> {
  const { dataset, chipset, seed } = question;
  const { name, unit, better } = metric;
  return {
    metric,
    subject: { metric: name, unit, better, dataset: dataset.name, chipset, slice, against, role, margin },
    trials,
    cluster: dataset.kind === 'replay' ? dataset.cluster : 'clip',
    seed,
  };
}

function wrongKind(gate: QualityGate, dataset: Dataset): CouldNotRun {
  const wanted = dataset.kind === 'research' ? 'top1 or top5' : 'event-recall, false-alarms-per-hour or time-to-detect';
  return new CouldNotRun({
    file: 'fieldproof.yaml',
    field: 'gates',
    message: `${gate.metric} can't be measured on ${dataset.name}, a ${dataset.kind} dataset`,
    remedy: `use ${wanted} there`,
  });
}
