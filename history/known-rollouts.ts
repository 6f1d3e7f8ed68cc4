import { commitIn, type Rollout } from '#gitops';
import type { RolloutFact, VerifiedFact } from './rollout-facts.ts';

/** The last fact of a place at a commit, and since when its state has been what it says. */
export type KnownState = { fact: RolloutFact; since: string };

type PlaceAtCommit = Pick<RolloutFact, 'model' | 'site' | 'chipset' | 'fleetCommit'>;

/** What is known of each place at each commit, by what has been recorded (oldest fact first) and seen since. */
export class KnownRollouts {
  readonly #states = new Map<string, KnownState>();
  readonly #answers = new Map<string, VerifiedFact['outcome']>();

  constructor(rollouts: readonly RolloutFact[], verified: readonly VerifiedFact[]) {
    for (const fact of rollouts) this.#stand(fact);
    for (const fact of verified) this.#answers.set(keyOf(fact), fact.outcome);
  }

  stateOf(place: PlaceAtCommit): KnownState | undefined {
    return this.#states.get(keyOf(place));
  }

  /** @returns the facts that say what was not known: what comes of a clip before what comes of the release */
  learn(place: PlaceAtCommit, { state, reason, revision, replay }: Rollout, at: string): (RolloutFact | VerifiedFact)[] {
    const facts: (RolloutFact | VerifiedFact)[] = [];
    if (replay !== undefined && this.#answers.get(keyOf(place)) !== replay) {
      this.#answers.set(keyOf(place), replay);
      facts.push({ kind: 'verified', ...place, outcome: replay, reason, at });
    }
    const fact: RolloutFact = { kind: 'rollout', ...place, state, reason, revision, at };
    if (!isNews(fact, this.stateOf(place)?.fact)) return facts;
    this.#stand(fact);
    return [...facts, fact];
  }

  #stand(fact: RolloutFact): void {
    const before = this.#states.get(keyOf(fact));
    this.#states.set(keyOf(fact), { fact, since: before?.fact.state === fact.state ? before.since : fact.at });
  }
}

const keyOf = ({ model, site, chipset, fleetCommit }: PlaceAtCommit) => JSON.stringify([model, site, chipset, fleetCommit]);

/** Whether a fact says anything that the last one did not: words alone change with every look. */
function isNews(fact: RolloutFact, last: RolloutFact | undefined): boolean {
  if (last === undefined || last.state !== fact.state) return true;
  return fact.state === 'progressing' && isReconciled(fact) && !isReconciled(last);
}

function isReconciled({ revision, fleetCommit }: RolloutFact): boolean {
  return commitIn(revision) === fleetCommit;
}
