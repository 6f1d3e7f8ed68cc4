import type { FleetRepository, FleetSnapshot } from '#gitops';
import type { ModelRepository } from '../../git/model-repository.ts';

/** Repositories to which nothing is pushed any more, and which Git is asked about once: a play is repeated a thousand times. */

/** Asks once for the same arguments. */
function once<A extends readonly unknown[], T>(ask: (...asked: A) => Promise<T>): (...asked: A) => Promise<T> {
  const known = new Map<string, Promise<T>>();
  return (...asked) => {
    const key = JSON.stringify(asked);
    const answer = known.get(key) ?? ask(...asked);
    known.set(key, answer);
    return answer;
  };
}

export function rememberedModels(models: ModelRepository): ModelRepository {
  return {
    ...models,
    resolve: once((ref: string) => models.resolve(ref)),
    readFile: once((commit: string, file: string) => models.readFile(commit, file)),
    mergeBase: once((one: string, other: string) => models.mergeBase(one, other)),
    treeOf: once((commit: string, folder: string) => models.treeOf(commit, folder)),
    describe: once((commit: string) => models.describe(commit)),
  };
}

/** Each fleet that it makes begins where the given one is; a branch that moves does so in memory. */
export function rememberedFleets(fleet: FleetRepository): () => FleetRepository {
  const snapshot = once(async (branch: string) => rememberedSnapshot(await fleet.snapshot(branch)));
  const at = once(async (branch: string, commit: string) => {
    const found = await fleet.at(branch, commit);
    return found === undefined ? undefined : rememberedSnapshot(found);
  });
  return () => {
    const moved = new Map<string, string>();
    return {
      snapshot: async (branch) => {
        const commit = moved.get(branch);
        return (commit === undefined ? undefined : await at(branch, commit)) ?? (await snapshot(branch));
      },
      at,
      commit: ({ branch }) => Promise.reject(new Error(`a commit on ${branch} that was not recorded`)),
      land: (branch, commit) => {
        moved.set(branch, commit);
        return Promise.resolve({ commit, moved: true });
      },
    };
  };
}

function rememberedSnapshot(snapshot: FleetSnapshot): FleetSnapshot {
  return {
    ...snapshot,
    read: once((path: string) => snapshot.read(path)),
    list: once((under: string) => snapshot.list(under)),
    changedSince: once((commit: string) => snapshot.changedSince(commit)),
    lastChange: once((paths: readonly string[]) => snapshot.lastChange(paths)),
    saying: once((text: string) => snapshot.saying(text)),
  };
}
