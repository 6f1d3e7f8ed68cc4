import { releaseName, type Digest } from '#kernel';
import type { Entry } from '#ledger';
import { beginningOf } from './alarm-lives.ts';
import type { VerdictFact } from './check-facts.ts';
import type { DeploymentFact } from './deploy-facts.ts';
import type { IterationFact, StampedFact } from './iteration-facts.ts';
import { factsOf, type Recorded } from './read-facts.ts';
import { rolloutStretches } from './rollout-stretches.ts';
import { gap, layOut, secondsBetween, wait, work, type Span, type Stretch } from './spans.ts';

/** `landed`: all of it was committed for the controllers, and nobody watched; `underway`: not at an end yet; `rejected`: it did not pass; `taken back`: it was deployed, and held. */
export type IterationState = 'field-verified' | 'landed' | 'underway' | 'rejected' | 'taken back';

/** One iteration's life. Whole seconds: work + waits + gaps = elapsed, exactly. */
export type IterationTimeline = {
  model: string;
  /** Record of the verdict. */
  verdict: Digest;
  release: string;
  head: string;
  state: IterationState;
  /** Records of the alarms that it answers. */
  answers: readonly Digest[];
  from: string;
  to: string;
  elapsed: number;
  work: number;
  waits: number;
  gaps: number;
  /** In order, each beginning where the one before ends. */
  spans: readonly Span[];
};

/**
 * The life of every iteration, oldest first, from the alarm that it answers or its first commit to the last place that runs it.
 * @param now until when what is underway has taken
 */
export function timelinesOf(entries: readonly Entry[], now: Date): IterationTimeline[] {
  const known = gather(entries);
  return lastOfEachHead(known.verdicts).map((verdict) => timelineOf(verdict, known, now));
}

type Known = ReturnType<typeof gather>;

function gather(entries: readonly Entry[]) {
  return {
    entries,
    verdicts: factsOf(entries, 'verdict').filter(({ fact }) => fact.history !== 'unchanged'),
    iterations: new Map(factsOf(entries, 'iteration').map(({ fact }) => [fact.verdict, fact])),
    stamps: Map.groupBy(
      factsOf(entries, 'stamped').map(({ fact }) => fact),
      ({ verdict }) => verdict,
    ),
    merges: new Map(factsOf(entries, 'merge').map(({ fact }) => [fact.verdict, fact])),
    deployments: Map.groupBy(
      factsOf(entries, 'deployment').map(({ fact }) => fact),
      ({ verdict }) => verdict,
    ),
    landed: landedTimes(factsOf(entries, 'deployment').map(({ fact }) => fact)),
    holds: new Map(factsOf(entries, 'hold').map(({ fact }) => [fact.verdict, fact])),
    rollouts: factsOf(entries, 'rollout').map(({ fact }) => fact),
    verified: factsOf(entries, 'verified').map(({ fact }) => fact),
  };
}

/** Of each model, when anything was deployed, the first first. */
function landedTimes(facts: readonly Pick<DeploymentFact, 'model' | 'at'>[]): ReadonlyMap<string, readonly string[]> {
  const byModel = Map.groupBy(facts, ({ model }) => model);
  return new Map([...byModel].map(([model, of]) => [model, of.map(({ at }) => at).toSorted()]));
}

/** A head that was checked again is one iteration: its last verdict, or the one that was deployed. */
function lastOfEachHead(verdicts: readonly Recorded<VerdictFact>[]): Recorded<VerdictFact>[] {
  return [...new Map(verdicts.map((one) => [JSON.stringify([one.fact.model, one.fact.head]), one])).values()];
}

function timelineOf({ id, fact }: Recorded<VerdictFact>, known: Known, now: Date): IterationTimeline {
  const iteration = known.iterations.get(id);
  const stamps = stampsOf(known.stamps.get(id) ?? []);
  const before = beforeVerdict(fact, iteration && withStamps(iteration, stamps), known.entries);
  const after = afterVerdict(id, fact, stamps, known, now);
  const spans = layOut(before.from, [...before.stretches, ...after.stretches]);
  const sum = (kind: Span['kind']) => spans.reduce((all, span) => all + (span.kind === kind ? span.seconds : 0), 0);
  const [first, last] = [spans[0]?.from ?? before.from, spans.at(-1)?.to ?? before.from];
  return {
    model: fact.model,
    verdict: id,
    release: releaseName(fact.candidate),
    head: fact.head,
    state: after.state,
    answers: iteration?.answers ?? [],
    from: first,
    to: last,
    elapsed: secondsBetween(first, last) ?? 0,
    work: sum('work'),
    waits: sum('wait'),
    gaps: sum('gap'),
    spans,
  };
}

function beforeVerdict(
  { at }: VerdictFact,
  iteration: IterationFact | undefined,
  entries: readonly Entry[],
): { from: string; stretches: Stretch[] } {
  if (iteration === undefined) return { from: at, stretches: [] };
  const { commits, queued, built, answers } = iteration;
  // Where one machine builds for others, the check began there.
  const began = built !== null && built.from < iteration.began ? built.from : iteration.began;
  const beginning = beginningOf(entries, answers, commits?.first ?? began);
  const stretches: Stretch[] = [...beginning.stretches];
  if (commits !== null) {
    if (beginning.from !== null) stretches.push({ until: commits.first, label: work('collect and train') });
    stretches.push({ until: commits.last, label: work('write') });
  }
  if (queued === null) stretches.push({ until: began, label: gap('nobody said when the check was asked for') });
  else stretches.push({ until: queued, label: work('write') }, { until: began, label: wait('runner queue') });
  if (built !== null) stretches.push({ until: built.from, label: work('check') }, { until: built.to, label: wait('build') });
  stretches.push({ until: at, label: work('check') });
  return { from: beginning.from ?? commits?.first ?? queued ?? began, stretches };
}

function afterVerdict(
  id: Digest,
  { model, outcome, at }: VerdictFact,
  stamps: Stamps,
  known: Known,
  now: Date,
): { state: IterationState; stretches: Stretch[] } {
  const merge = known.merges.get(id);
  const stretches: Stretch[] = [];
  if (stamps.approved !== undefined) stretches.push({ until: stamps.approved, label: wait('review') });
  if (merge === undefined) return unmerged(outcome, stretches, replacedAt(model, at, known) ?? now.toISOString());
  stretches.push({ until: merge.at, label: wait(stamps.approved === undefined ? 'review' : 'merge') });
  if (stamps['deploy began'] !== undefined) stretches.push({ until: stamps['deploy began'], label: wait('approval') });
  const deployments = known.deployments.get(id) ?? [];
  const landing = rolloutStretches(deployments, known.rollouts, known.verified);
  stretches.push(...landing.stretches);
  const hold = known.holds.get(id);
  if (hold !== undefined) return { state: 'taken back', stretches: [...stretches, { until: hold.at, label: landing.open }] };
  if (landing.end !== null) return { state: landing.end === 'verified' ? 'field-verified' : 'landed', stretches };
  const end = replacedAt(model, deployments.at(-1)?.at, known) ?? now.toISOString();
  return { state: 'underway', stretches: [...stretches, { until: end, label: landing.open }] };
}

function unmerged(
  outcome: VerdictFact['outcome'],
  stretches: Stretch[],
  until: string,
): { state: IterationState; stretches: Stretch[] } {
  if (outcome !== 'pass') return { state: 'rejected', stretches: [] };
  return { state: 'underway', stretches: [...stretches, { until, label: wait('review') }] };
}

/** A release that never came to its end, or was never merged, did so when the next took its place, at the latest. */
function replacedAt(model: string, since: string | undefined, { landed }: Known): string | undefined {
  if (since === undefined) return undefined;
  return landed.get(model)?.find((at) => at > since);
}

type Stamps = Partial<Record<StampedFact['steps'][number]['step'], string>>;

/** What the code host says of its queue goes before what a job knows of itself. */
function withStamps(iteration: IterationFact, stamps: Stamps): IterationFact {
  return {
    ...iteration,
    queued: stamps['check asked'] ?? iteration.queued,
    began: stamps['check began'] ?? iteration.began,
  };
}

function stampsOf(facts: readonly StampedFact[]): Stamps {
  return Object.fromEntries(facts.flatMap(({ steps }) => steps.map(({ step, at }) => [step, at] as const)));
}
