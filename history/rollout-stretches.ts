import { commitIn } from '#gitops';
import type { DeploymentFact } from './deploy-facts.ts';
import type { RolloutFact, VerifiedFact } from './rollout-facts.ts';
import { gap, wait, work, type SpanLabel, type Stretch } from './spans.ts';

/**
 * What became of a release on the branch that controllers read. `verified`: every place of every wave runs it, and answered as judged;
 * `landed`: all of it is there, and nobody watched what controllers made of it.
 */
export type Landing = { stretches: readonly Stretch[]; end: 'verified' | 'landed' | null; open: SpanLabel };

type Course = { stretches: readonly Stretch[]; done: boolean; open: SpanLabel };

/**
 * From the first wave's commit to the last place that runs it: of each wave, the place that took longest.
 * @param deployments of one verdict, one for each wave, in order
 */
export function rolloutStretches(
  deployments: readonly DeploymentFact[],
  rollouts: readonly RolloutFact[],
  verified: readonly VerifiedFact[],
): Landing {
  const stretches: Stretch[] = [];
  let open: SpanLabel = work('land');
  let end: Landing['end'] = null;
  for (const [at, deployment] of deployments.entries()) {
    stretches.push({ until: deployment.at, label: at === 0 ? work('land') : wait('earlier wave') });
    const here = <F extends { model: string; fleetCommit: string }>(facts: readonly F[]) =>
      atCommit(facts, deployment.fleetCommit).filter((fact) => fact.model === deployment.model);
    const slowest = slowestPlace(deployment, here(rollouts), here(verified), verified.length > 0);
    stretches.push(...slowest.stretches);
    ({ open } = slowest);
    const { wave } = deployment;
    if (wave === undefined || wave.number === wave.of) end = slowest === UNWATCHED ? 'landed' : slowest.done ? 'verified' : null;
    if (!slowest.done) break;
    if (end === null) open = wait('earlier wave');
  }
  return { stretches, end, open };
}

const UNWATCHED: Course = { stretches: [], done: false, open: gap('nobody watched the rollout') };

type AtCommit = { fleetCommit: string };

/** Each list is looked through once, however many deployments ask it. */
const BY_COMMIT = new WeakMap<readonly AtCommit[], ReadonlyMap<string, readonly AtCommit[]>>();

function atCommit<F extends AtCommit>(facts: readonly F[], commit: string): readonly F[] {
  const known = BY_COMMIT.get(facts) ?? Map.groupBy(facts, (fact) => fact.fleetCommit);
  BY_COMMIT.set(facts, known);
  return (known.get(commit) ?? []) as readonly F[];
}

function slowestPlace(
  { wave }: DeploymentFact,
  rollouts: readonly RolloutFact[],
  verified: readonly VerifiedFact[],
  sitesAnswer: boolean,
): Course {
  const seen = Map.groupBy(rollouts, placeOf);
  const names = wave === undefined ? [...seen.keys()] : wave.places.map(placeOf);
  const places = new Map(names.map((name) => [name, seen.get(name) ?? []]));
  if ([...places.values()].every((facts) => facts.length === 0)) return UNWATCHED;
  const courses = [...places].map(([name, facts]) => {
    const answered = verified.find(
      ({ site, chipset, outcome }) => outcome === 'pass' && JSON.stringify([site, chipset]) === name,
    );
    return courseOf(facts, answered ?? null, sitesAnswer);
  });
  const pending = courses.filter(({ done }) => !done);
  return (pending.length > 0 ? pending : courses).reduce((slow, one) => (endOf(one) > endOf(slow) ? one : slow));
}

/** One place, state by state: what it is in names the time until the next. */
function courseOf(facts: readonly RolloutFact[], answered: VerifiedFact | null, sitesAnswer: boolean): Course {
  const stretches: Stretch[] = [];
  let open = wait('reconcile');
  let healthy: string | null = null;
  for (const fact of facts) {
    if (healthy !== null) break;
    stretches.push({ until: fact.at, label: open });
    if (fact.state === 'healthy') healthy = fact.at;
    else open = fact.state === 'unknown' ? wait('offline site') : wait(isReconciled(fact) ? 'transfer' : 'reconcile');
  }
  if (healthy === null) return { stretches, done: false, open };
  if (!sitesAnswer) return { stretches, done: true, open };
  if (answered === null) return { stretches, done: false, open: wait('site check') };
  return { stretches: [...stretches, { until: answered.at, label: wait('site check') }], done: true, open };
}

function placeOf({ site, chipset }: { site: string; chipset: string }): string {
  return JSON.stringify([site, chipset]);
}

function isReconciled({ revision, fleetCommit }: RolloutFact): boolean {
  return commitIn(revision) === fleetCommit;
}

function endOf({ stretches }: Course): string {
  return stretches.at(-1)?.until ?? '';
}
