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
  const { stacks, states } = await placesSoFar(index);
  const landed = new Map([...stacks].flatMap(([key, stack]) => stack.slice(-1).map((top) => [key, top] as const)));
  const keys = new Map<string, Key>([...landed, ...states]);
  return [...keys]
    .map(([key, place]) => runningAt(place, landed.get(key), states.get(key)))
    .toSorted((a, b) => compare(a.model, b.model) || compareNames(a.site, b.site) || compare(a.chipset, b.chipset));
}

/** What was deployed to each place that nobody has taken back, the last on top, and what a controller said last of it. */
type Places = { stacks: Map<string, (Key & Landed)[]>; states: Map<string, Key & Seen> };
type Seen = Pick<RolloutFact, 'fleetCommit' | 'state' | 'reason' | 'at'>;

/** Of a place so many deployments are remembered, for each of them may be taken back. */
const DEEPEST = 20;
/** Goes up when what is noted takes another form. */
const NOTE = 'places 1';

/** Noted in the index up to where it was, so that only what came since is read. */
async function placesSoFar(index: HistoryIndex): Promise<Places> {
  const noted = notedPlaces(await index.noted(NOTE));
  const news = await index.find({ kinds: ['deployment', 'revert', 'rollout'], after: noted.seq });
  const places: Places = { stacks: new Map(noted.stacks), states: new Map(noted.states) };
  for (const each of news) follow(places, each);
  const seq = news.at(-1)?.seq ?? noted.seq;
  if (seq > noted.seq) await index.note(NOTE, JSON.stringify({ seq, stacks: [...places.stacks], states: [...places.states] }));
  return places;
}

type Noted = { seq: number; stacks: [string, (Key & Landed)[]][]; states: [string, Key & Seen][] };

function notedPlaces(text: string | null): Noted {
  return text === null ? { seq: 0, stacks: [], states: [] } : (JSON.parse(text) as Noted);
}

function follow({ stacks, states }: Places, { fact }: Recorded<DeploymentFact | RevertFact | RolloutFact>): void {
  if (fact.kind === 'revert') return takeBack(stacks, fact);
  if (fact.kind === 'rollout') {
    const { model, site, chipset, fleetCommit, state, reason, at } = fact;
    states.set(keyOf(fact), { model, site, chipset, fleetCommit, state, reason, at });
    return;
  }
  for (const { site, chipset } of fact.wave?.places ?? []) {
    const place = { model: fact.model, site, chipset };
    const { verdict, fleetCommit, at } = fact;
    stacks.set(keyOf(place), [...(stacks.get(keyOf(place)) ?? []), { ...place, verdict, fleetCommit, at }].slice(-DEEPEST));
  }
}

function runningAt({ model, site, chipset }: Key, landed: Landed | undefined, seen: Seen | undefined): RunningPlace {
  const place = { model, site, chipset };
  if (landed === undefined || seen?.fleetCommit === landed.fleetCommit) {
    const { fleetCommit = '', state = 'unknown', reason = '', at: since = '' } = seen ?? {};
    return { ...place, verdict: landed?.verdict ?? null, fleetCommit, state, reason, since };
  }
  const reason = 'nobody has looked since it was deployed';
  return { ...place, verdict: landed.verdict, fleetCommit: landed.fleetCommit, state: 'unknown', reason, since: landed.at };
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
