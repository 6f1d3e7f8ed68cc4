import { commitIn, type Rollout } from '#gitops';

/**
 * What was seen of one release at one site, at one commit of the fleet repository: one fact each time its state changes, and
 * one when its controller first speaks of this very commit, which is when it was reconciled.
 */
export type RolloutFact = {
  kind: 'rollout';
  model: string;
  site: string;
  chipset: string;
  fleetCommit: string;
  state: Rollout['state'];
  reason: string;
  revision: string | null;
  at: string;
};

/** That a release was shown its clip where it runs, and whether it answered as it was judged; once for each commit and answer. */
export type VerifiedFact = {
  kind: 'verified';
  model: string;
  site: string;
  chipset: string;
  fleetCommit: string;
  outcome: 'pass' | 'fail';
  reason: string;
  at: string;
};

/** The last fact of a place at a commit, and since when its state has been what it says. */
export type Standing = { fact: RolloutFact; since: string };

type PlaceAtCommit = Pick<RolloutFact, 'model' | 'site' | 'chipset' | 'fleetCommit'>;

/** What is known of each place at each commit, by what has been recorded (oldest fact first) and seen since. */
export class KnownRollouts {
  readonly #standings = new Map<string, Standing>();
  readonly #answers = new Map<string, VerifiedFact['outcome']>();

  constructor(rollouts: readonly RolloutFact[], verified: readonly VerifiedFact[]) {
    for (const fact of rollouts) this.#stand(fact);
    for (const fact of verified) this.#answers.set(keyOf(fact), fact.outcome);
  }

  standing(place: PlaceAtCommit): Standing | undefined {
    return this.#standings.get(keyOf(place));
  }

  /** @returns the facts that say what was not known: what comes of a clip before what comes of the release */
  learn(place: PlaceAtCommit, { state, reason, revision, replay }: Rollout, at: string): (RolloutFact | VerifiedFact)[] {
    const facts: (RolloutFact | VerifiedFact)[] = [];
    if (replay !== undefined && this.#answers.get(keyOf(place)) !== replay) {
      this.#answers.set(keyOf(place), replay);
      facts.push({ kind: 'verified', ...place, outcome: replay, reason, at });
    }
    const fact: RolloutFact = { kind: 'rollout', ...place, state, reason, revision, at };
    if (!isNews(fact, this.standing(place)?.fact)) return facts;
    this.#stand(fact);
    return [...facts, fact];
  }

  #stand(fact: RolloutFact): void {
    const before = this.#standings.get(keyOf(fact));
    this.#standings.set(keyOf(fact), { fact, since: before?.fact.state === fact.state ? before.since : fact.at });
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
