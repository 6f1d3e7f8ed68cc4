import { CouldNotRun } from '#kernel';
import {
  changedPaths,
  commitTree,
  isAncestor,
  listFiles,
  readCommit,
  readFileAt,
  resolveCommit,
  writeTree,
  type Repository,
} from '#git/adapters';
import { FleetMoved, type FleetCommit, type FleetRepository, type FleetSnapshot } from '../fleet-repository.ts';
import { openFleetStore, type FleetLocation, type FleetStore } from './fleet-store.ts';

/**
 * A fleet repository behind the git binary: on this machine or behind a URL. Objects are written first and a branch moves
 * last, in one step, so a killed run leaves nothing that any branch names.
 */
export class GitFleetRepository implements FleetRepository {
  readonly #fleet: FleetLocation;

  constructor(fleet: FleetLocation) {
    this.#fleet = fleet;
  }

  async snapshot(branch: string): Promise<FleetSnapshot> {
    const store = await openFleetStore(this.#fleet);
    const commit = await store.tip(branch);
    return commit === null ? NOTHING : await snapshotOf(store.repository, commit);
  }

  async commit({ parent, branch, files, message, date, replaces = null }: FleetCommit): Promise<string> {
    const store = await openFleetStore(this.#fleet);
    const tip = await store.tip(branch);
    await this.#mustKnow(store, parent);
    if (tip !== null && tip !== parent) {
      if (await this.#alreadyThere(store, tip, { parent, files, message })) return tip;
      if (tip !== replaces) throw new FleetMoved(this.#fleet.location, branch);
    }
    const tree = await writeTree(store.repository, parent, files);
    if (parent !== null && tree === (await readCommit(store.repository, parent)).tree) return parent;
    const commit = await commitTree(store.repository, { tree, parents: parent === null ? [] : [parent], message, date });
    if (commit === tip) return commit;
    if (!(await store.move(branch, commit, tip))) throw new FleetMoved(this.#fleet.location, branch);
    return commit;
  }

  async land(branch: string, commit: string, expected: string | null): Promise<void> {
    const store = await openFleetStore(this.#fleet);
    await this.#mustKnow(store, commit);
    if (expected !== null && !(await isAncestor(store.repository, expected, commit))) {
      throw new CouldNotRun({
        file: this.#fleet.location,
        message: `moving ${branch} to ${commit.slice(0, 12)} would take back what has landed since`,
        remedy: 'run fieldproof check again, on the fleet as it is now',
      });
    }
    if ((await store.tip(branch)) !== expected || !(await store.move(branch, commit, expected))) {
      throw new FleetMoved(this.#fleet.location, branch);
    }
  }

  /** The same proposal made once more: it may differ in its date alone. */
  async #alreadyThere(
    { repository }: FleetStore,
    tip: string,
    { parent, files, message }: Pick<FleetCommit, 'parent' | 'files' | 'message'>,
  ): Promise<boolean> {
    const there = await readCommit(repository, tip);
    const standsOn = there.parents.length === 0 ? null : there.parents[0];
    if (standsOn !== parent || there.parents.length > 1 || there.message.trimEnd() !== message.trimEnd()) return false;
    return there.tree === (await writeTree(repository, parent, files));
  }

  async #mustKnow({ repository }: FleetStore, commit: string | null): Promise<void> {
    if (commit === null || (await resolveCommit(repository, commit)) !== undefined) return;
    throw new CouldNotRun({
      file: this.#fleet.location,
      message: `the fleet repository has no commit ${commit}`,
      remedy: 'run fieldproof check again, on the fleet as it is now',
    });
  }
}

const NOTHING: FleetSnapshot = {
  commit: null,
  message: null,
  read: () => Promise.resolve(undefined),
  list: () => Promise.resolve([]),
  changedSince: () => Promise.resolve(undefined),
};

async function snapshotOf(repository: Repository, commit: string): Promise<FleetSnapshot> {
  const { message } = await readCommit(repository, commit);
  return {
    commit,
    message,
    read: async (path) => {
      const bytes = await readFileAt(repository, commit, path);
      return bytes && new TextDecoder().decode(bytes);
    },
    list: async (under) => (await listFiles(repository, commit, under)).map(({ path }) => path),
    changedSince: async (older) =>
      (await isAncestor(repository, older, commit)) ? await changedPaths(repository, older, commit) : undefined,
  };
}
