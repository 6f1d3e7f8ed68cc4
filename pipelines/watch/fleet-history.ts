import { CouldNotRun } from '#kernel';
import type { DeployedAt, FleetHistory, FleetRepository, FleetSnapshot, RolloutTarget, CommitRelation } from '#gitops';

/** What a commit deploys of a model, by site and chipset. */
export type ReadRelease = (snapshot: FleetSnapshot, model: string) => Promise<readonly DeployedAt[]>;

/**
 * How commits stand to each other, by the fleet repository itself. What Git has said once stays true; a commit that it does
 * not know may come yet.
 */
export function fleetHistory(fleet: FleetRepository, read: ReadRelease): FleetHistory {
  const relations = new Map<string, Promise<Relation>>();
  const releases = new Map<string, Promise<readonly DeployedAt[] | null>>();
  const releasesAt = (snapshot: FleetSnapshot, model: string) =>
    kept(releases, `${snapshot.commit} ${model}`, () => read(snapshot, model).catch(nullWhereUnreadable));
  return {
    relation: async (target, commit) => {
      const { branch, commit: ours } = target;
      if (commit === ours) return 'same';
      const key = `${ours} ${commit}`;
      const relation = await kept(relations, key, () => relate(fleet, branch, ours, commit));
      if (relation.kind === 'unknown') relations.delete(key);
      if (relation.kind !== 'newer') return relation.kind;
      const deployed = await releasesAt(relation.there, target.model);
      return deployed === null ? 'unknown' : relationOf(target, deployed);
    },
  };
}

type Relation = { kind: 'older' | 'elsewhere' | 'unknown' } | { kind: 'newer'; there: FleetSnapshot };

async function relate(fleet: FleetRepository, branch: string, ours: string, commit: string): Promise<Relation> {
  const there = await fleet.at(branch, commit);
  if (there === undefined) return { kind: 'unknown' };
  if ((await there.changedSince(ours)) !== undefined) return { kind: 'newer', there };
  const here = await fleet.at(branch, ours);
  if (here === undefined) return { kind: 'unknown' };
  return { kind: (await here.changedSince(commit)) === undefined ? 'elsewhere' : 'older' };
}

function relationOf({ site, chipset, digests }: RolloutTarget, deployed: readonly DeployedAt[]): CommitRelation {
  const there = deployed.find((entry) => entry.site === site && entry.chipset === chipset)?.release;
  if (there === undefined || !digests.model.includes(there.model.digest)) return 'replaces';
  const runtime = there.kind === 'model' ? there.runtime.digest : null;
  const same = runtime === null ? digests.runtime === null : (digests.runtime?.includes(runtime) ?? false);
  return same ? 'keeps' : 'replaces';
}

/** Somebody has written what we cannot read: then nothing can be said of it. */
function nullWhereUnreadable(thrown: unknown): null {
  if (thrown instanceof CouldNotRun) return null;
  throw thrown;
}

function kept<T>(map: Map<string, Promise<T>>, key: string, make: () => Promise<T>): Promise<T> {
  const there = map.get(key);
  if (there !== undefined) return there;
  const made = make();
  map.set(key, made);
  made.catch(() => map.delete(key));
  return made;
}
