import type { Metric, Trial, TrialsOfClass } from '#tasks';
import type { Finding, FindingKey } from './finding.ts';
import { unmeasured } from './finding.ts';
import type { QualityGate } from './gate.ts';
import { judgeBound } from './judge-bound.ts';
import type { Asked } from './asked.ts';
import { judgeGain, judgeIdentical } from './judge-gain.ts';
import { judgeOverTies } from './judge-ties.ts';
import { pairTrials, slicesNamed, type PairedTrial } from './paired-trials.ts';

/** A gate, and what both sides made of its dataset. The trials are those of the metric's task. */
export type QualityQuestion = {
  gate: QualityGate;
  metric: Metric<Trial>;
  /** By its name. */
  dataset: string;
  candidate: readonly Trial[];
  /** Null for the first release of a model: then only bounds can judge it. */
  reference: readonly Trial[] | null;
  /** The trials of each class by itself, for a gate that guards `class`; left out where the task knows no classes. */
  byClass?: (trials: readonly Trial[]) => readonly TrialsOfClass<Trial>[];
  against: 'baseline' | 'anchor';
  chipset: string | null;
  /** The same release on the same inputs. */
  identical: boolean;
  seed: number;
};

/** What every finding of one question shares. */
type Scope = { question: QualityQuestion; trials: readonly PairedTrial[] };

/**
 * All that a quality gate finds: the gain over the reference on the whole and on every guarded or watched slice, and the
 * gate's own bounds, which are judged once, beside the baseline.
 * @throws RangeError when both sides did not see the same samples
 */
export function compareQuality(question: QualityQuestion): Finding[] {
  return findings({ question, trials: pairTrials(question.candidate, question.reference) });
}

function findings(scope: Scope): Finding[] {
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

type Part = { trials: readonly PairedTrial[]; slice: FindingKey['slice']; role: FindingKey['role'] };

function relative(scope: Scope, part: Part): Finding {
  const { question } = scope;
  const { margin, guardMargin } = question.gate;
  const allowed = part.role === 'guards' ? (guardMargin ?? margin) : margin;
  const asked = ask(scope, part, { against: question.against, margin: allowed ?? 0 });
  return question.identical ? judgeIdentical(asked) : judgeOverTies(asked, judgeGain);
}

function sliceFindings(scope: Scope, by: string, role: 'guards' | 'watches'): Finding[] {
  const slices = by === 'class' ? classesOf(scope) : slicesNamed(scope.trials, by);
  if (slices.length === 0 && role === 'guards') return [relative(scope, { trials: [], slice: { by, value: 'none' }, role })];
  return slices.map(({ value, trials }) => relative(scope, { trials, slice: { by, value }, role }));
}

/** Slices of that name, where the dataset has them; else what the task makes of each class. */
function classesOf({ question: { byClass, candidate, reference }, trials }: Scope): { value: string; trials: PairedTrial[] }[] {
  const written = slicesNamed(trials, 'class');
  if (written.length > 0 || byClass === undefined) return written;
  const before = new Map((reference === null ? [] : byClass(reference)).map((one) => [one.value, one.trials]));
  return byClass(candidate)
    .map(({ value, trials: own }) => ({ value, trials: pairTrials(own, before.get(value) ?? null) }))
    .toSorted((a, b) => (a.value < b.value ? -1 : 1));
}

function boundFindings(scope: Scope): Finding[] {
  const { gate, against, reference } = scope.question;
  if (against === 'anchor' && reference !== null) return [];
  const bounds = [gate.atLeast, gate.atMost].filter((bound) => bound !== null);
  const part = { trials: scope.trials, slice: null, role: gate.watchOnly ? 'watches' : 'decides' } as const;
  const asked = ask(scope, part, { against: 'bound', margin: 0 });
  return bounds.map((bound) => judgeOverTies(asked, (one) => judgeBound(one, bound)));
}

/** With nothing deployed there is nothing to lose against; the candidate is shown, and other gates' bounds decide. */
function firstOfItsKind(scope: Scope): Finding {
  const asked = ask(scope, { trials: scope.trials, slice: null, role: 'watches' }, { against: 'bound', margin: 0 });
  return {
    ...judgeBound(asked, 0),
    reference: null,
    gain: unmeasured('nothing to compare with'),
    minimumDetectableEffect: null,
    outcome: 'inconclusive',
    reason: 'no release is deployed yet to compare with',
    remedy: `give the gate ${scope.question.metric.better === 'more' ? 'at-least' : 'at-most'}, so that it can judge a first release`,
  };
}

function ask(
  { question }: Scope,
  { trials, slice, role }: Part,
  { against, margin }: Pick<FindingKey, 'against' | 'margin'>,
): Asked {
  const { metric, dataset, chipset, seed } = question;
  const { name, unit, better } = metric;
  return { metric, key: { metric: name, unit, better, dataset, chipset, slice, against, role, margin }, trials, seed };
}
