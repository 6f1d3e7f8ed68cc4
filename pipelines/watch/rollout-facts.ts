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

/** The last fact of a place at a commit, and since when its state has been what it says. */
export type Standing = { fact: RolloutFact; since: string };

export const placeOf = ({
  model,
  site,
  chipset,
  fleetCommit,
}: Omit<RolloutFact, 'kind' | 'state' | 'reason' | 'revision' | 'at'>) => JSON.stringify([model, site, chipset, fleetCommit]);

/** Where each place stands by what has been recorded, oldest fact first. */
export function standingsIn(facts: readonly RolloutFact[]): Map<string, Standing> {
  const standings = new Map<string, Standing>();
  for (const fact of facts) {
    const before = standings.get(placeOf(fact));
    standings.set(placeOf(fact), { fact, since: before?.fact.state === fact.state ? before.since : fact.at });
  }
  return standings;
}

/** Whether a fact says anything that the last one did not: words alone change with every look. */
export function isNews(fact: RolloutFact, last: RolloutFact | undefined): boolean {
  if (last === undefined || last.state !== fact.state) return true;
  return fact.state === 'progressing' && isReconciled(fact) && !isReconciled(last);
}

function isReconciled({ revision, fleetCommit }: RolloutFact): boolean {
  return commitIn(revision) === fleetCommit;
}
