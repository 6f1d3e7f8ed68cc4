import type { Metric, Ties, Trial } from '#tasks';
import type { Asked } from './asked.ts';
import type { Finding } from './finding.ts';
import type { PairedTrial } from './paired-trials.ts';
import { formatLevel } from './wording.ts';

/**
 * What a gate finds, and what ties could have made of it: it is judged again with every tie broken against the candidate and for the
 * reference, and the other way round. Where these do not come to the same, only the order of equals decided, and nobody can tell.
 */
export function judgeOverTies(asked: Asked, judge: (asked: Asked) => Finding): Finding {
  const finding = judge(asked);
  if (asked.metric.settled === undefined && asked.metric.settledTogether === undefined) return finding;
  const against = broken(asked, 'against');
  const inFavour = broken(asked, 'for');
  if (against === null && inFavour === null) return finding;
  const [worst, best] = [judge(against ?? asked), judge(inFavour ?? asked)];
  const range = rangeOf(asked, worst, best);
  if (range === null) return finding;
  if ([worst, best].every(({ outcome }) => outcome === finding.outcome)) {
    return { ...finding, reason: `${finding.reason}; ${range}` };
  }
  return {
    ...finding,
    outcome: 'inconclusive',
    reason: `${finding.reason}; ${range}, and that alone decides between ${worst.outcome} and ${best.outcome}`,
    remedy:
      'serve scores that tell apart what they rank, as they are before they are rounded or quantised: no amount of data settles ties',
  };
}

/** Null where no tie can be broken otherwise than it was. */
function broken(asked: Asked, ofCandidate: Ties): Asked | null {
  const { metric, trials } = asked;
  const ofReference = ofCandidate === 'for' ? 'against' : 'for';
  const paired = trials.flatMap(({ reference }) => (reference === null ? [] : [reference]));
  const candidates = settle(
    metric,
    trials.map(({ candidate }) => candidate),
    ofCandidate,
  );
  const references = settle(metric, paired, ofReference).values();
  const settled = trials.map((pair, index): PairedTrial => {
    const candidate = candidates[index] ?? pair.candidate;
    const reference = pair.reference === null ? null : (references.next().value ?? pair.reference);
    return candidate === pair.candidate && reference === pair.reference ? pair : { candidate, reference };
  });
  return settled.every((pair, index) => pair === trials[index]) ? null : { ...asked, trials: settled };
}

function settle(metric: Metric<Trial>, trials: readonly Trial[], ties: Ties): readonly Trial[] {
  if (metric.settledTogether !== undefined) return metric.settledTogether(trials, ties);
  return trials.map((trial) => metric.settled?.(trial, ties) ?? trial);
}

/** Null where the numbers do not move. */
function rangeOf({ key: { unit, against } }: Asked, worst: Finding, best: Finding): string | null {
  const between = (from: number | null, to: number | null) =>
    from === null || to === null || from === to ? null : `${formatLevel(from, unit)} or ${formatLevel(to, unit)}`;
  const candidate = between(worst.candidate, best.candidate);
  // A bound is no model: it has no ties.
  const reference = against === 'bound' ? null : between(best.reference, worst.reference);
  if (candidate === null && reference === null) return null;
  const parts = [
    ...(candidate === null ? [] : [`it ${candidate}`]),
    ...(reference === null ? [] : [`the ${against} ${reference}`]),
  ];
  return `how ties break makes ${parts.join(' and ')}`;
}
