import type { Digest } from '#kernel';
import type { DeploymentFact, HistoryIndex, Recorded, RevertFact, RolloutFact } from '#history';

/** What runs at a place by all that is known, and since when. Where nobody has looked since it was deployed, its state is unknown. */
export type RunningPlace = {
  model: string;
  site: string;
  chipset: string;
  /** Its verdict; null for what was deployed before there were records of it. */
  verdict: Digest | null;
  fleetCommit: string;
  state: RolloutFact['state'];
  reason: string;
  since: string;
};

type Landed = { verdict: Digest; fleetCommit: string; at: string };
type Key = Pick<RunningPlace, 'model' | 'site' | 'chipset'>;

/** By model, site and chipset. */
export async function runningPlaces(index: HistoryIndex): Promise<RunningPlace[]> {
  const rollouts = await index.find({ kinds: ['rollout'], latest: true });
  const landed = await index.find({ kinds: ['deployment', 'revert'] });
  const states = new Map(rollouts.map(({ fact }) => [keyOf(fact), fact]));
  const standing = standingAt(landed);
  const keys = new Map([...standing.values(), ...states.values()].map((place) => [keyOf(place), place]));
  return [...keys.values()]
    .map((place) => runningAt(place, standing.get(keyOf(place)), states.get(keyOf(place))))
    .toSorted((a, b) => compare(a.model, b.model) || compareNames(a.site, b.site) || compare(a.chipset, b.chipset));
}

function runningAt({ model, site, chipset }: Key, landed: Landed | undefined, seen: RolloutFact | undefined): RunningPlace {
  const place = { model, site, chipset };
  if (landed === undefined || seen?.fleetCommit === landed.fleetCommit) {
    const { fleetCommit = '', state = 'unknown', reason = '', at: since = '' } = seen ?? {};
    return { ...place, verdict: landed?.verdict ?? null, fleetCommit, state, reason, since };
  }
  const reason = 'nobody has looked since it was deployed';
  return { ...place, verdict: landed.verdict, fleetCommit: landed.fleetCommit, state: 'unknown', reason, since: landed.at };
}

/** The last deployment to each place that nobody has taken back. */
function standingAt(facts: readonly Recorded<DeploymentFact | RevertFact>[]): Map<string, Key & Landed> {
  const stacks = new Map<string, (Key & Landed)[]>();
  for (const { fact } of facts) {
    if (fact.kind === 'revert') takeBack(stacks, fact);
    else
      for (const { site, chipset } of fact.wave?.places ?? []) {
        const place = { model: fact.model, site, chipset };
        const { verdict, fleetCommit, at } = fact;
        stacks.set(keyOf(place), [...(stacks.get(keyOf(place)) ?? []), { ...place, verdict, fleetCommit, at }].slice(-20));
      }
  }
  return new Map([...stacks].flatMap(([key, stack]) => stack.slice(-1).map((top) => [key, top] as const)));
}

function takeBack(stacks: Map<string, (Key & Landed)[]>, { verdict, site, outcome }: RevertFact): void {
  if (outcome !== 'committed') return;
  for (const [key, stack] of stacks) {
    const kept = stack.filter((each) => each.verdict !== verdict || (site !== null && each.site !== site));
    if (kept.length < stack.length) stacks.set(key, kept);
  }
}

function keyOf({ model, site, chipset }: Key): string {
  return JSON.stringify([model, site, chipset]);
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

const NAMES = new Intl.Collator('en', { numeric: true });

/** site-9 comes before site-10. */
export function compareNames(a: string, b: string): number {
  return NAMES.compare(a, b);
}
