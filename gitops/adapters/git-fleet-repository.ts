import { CouldNotRun } from '#kernel';
import {
  changedPaths,
  commitsSaying,
  isAncestor,
  lastCommitTouching,
  listFiles,
  objectIdAt,
  PushRefused,
  readCommit,
  readFileAt,
  resolveCommit,
  writeCommit,
  type Repository,
} from '#git/adapters';
import {
  FleetMoved,
  FleetRefused,
  type Committed,
  type FleetCommit,
  type FleetRepository,
  type FleetSnapshot,
} from '../fleet-repository.ts';
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

  async at(branch: string, commit: string): Promise<FleetSnapshot | undefined> {
    const store = await openFleetStore(this.#fleet);
    // Looking for the tip fetches it, and with it all that it stands on.
    if ((await resolveCommit(store.repository, commit)) === undefined) await store.tip(branch);
    const found = await resolveCommit(store.repository, commit);
    return found === undefined ? undefined : await snapshotOf(store.repository, found);
  }

  async commit({ parent, branch, files, message, date, replaces = null }: FleetCommit): Promise<Committed> {
    const store = await openFleetStore(this.#fleet);
    const { repository } = store;
    await this.#mustKnow(store, parent);
    const [tip, commit] = await Promise.all([
      store.tip(branch),
      writeCommit(repository, { parent, changes: files, message, date }),
    ]);
    const tree = await objectIdAt(repository, commit, '');
    if (tip !== null && tip !== parent) {
      if (await isSame(repository, tip, { tree, parent, message })) return { commit: tip, moved: false };
      if (tip !== replaces) throw new FleetMoved(this.#fleet.location, branch);
    }
    if (parent !== null && tree === (await objectIdAt(repository, parent, ''))) return { commit: parent, moved: false };
    return { commit, moved: await this.#move(store, branch, commit, tip) };
  }

  async land(branch: string, commit: string, expected: string | null): Promise<Committed> {
    const store = await openFleetStore(this.#fleet);
    await this.#mustKnow(store, commit);
    if (expected !== null && !(await isAncestor(store.repository, expected, commit))) {
      throw new CouldNotRun({
        file: this.#fleet.location,
        message: `moving ${branch} to ${commit.slice(0, 12)} would take back what has landed since`,
        remedy: 'run fieldproof check again, on the fleet as it is now',
      });
    }
    if ((await store.tip(branch)) !== expected) throw new FleetMoved(this.#fleet.location, branch);
    return { commit, moved: await this.#move(store, branch, commit, expected) };
  }

  /** False when the branch was there already: somebody else had made this very commit. */
  async #move(store: FleetStore, branch: string, commit: string, expected: string | null): Promise<boolean> {
    const { location } = this.#fleet;
    try {
      const outcome = await store.move(branch, commit, expected);
      if (outcome === 'elsewhere') throw new FleetMoved(location, branch);
      return outcome === 'moved';
    } catch (thrown) {
      throw thrown instanceof PushRefused ? new FleetRefused(location, branch, { cause: thrown }) : thrown;
    }
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

/** Whether a commit is the same proposal, made once before: the two may differ in their dates alone. */
async function isSame(
  repository: Repository,
  commit: string,
  { tree, parent, message }: { tree: string | undefined; parent: string | null; message: string },
): Promise<boolean> {
  const there = await readCommit(repository, commit);
  const parents = parent === null ? [] : [parent];
  return there.tree === tree && there.parents.join() === parents.join() && there.message.trimEnd() === message.trimEnd();
}

const NOTHING: FleetSnapshot = {
  commit: null,
  message: null,
  parent: null,
  date: null,
  read: () => Promise.resolve(undefined),
  list: () => Promise.resolve([]),
  changedSince: () => Promise.resolve(undefined),
  lastChange: () => Promise.resolve(undefined),
  saying: () => Promise.resolve([]),
};

async function snapshotOf(repository: Repository, commit: string): Promise<FleetSnapshot> {
  const { message, parents, date } = await readCommit(repository, commit);
  return {
    commit,
    message,
    parent: parents[0] ?? null,
    date: new Date(date),
    read: async (path) => {
      const bytes = await readFileAt(repository, commit, path);
      // A byte order mark stays: a file that people keep is written back with it.
      return bytes && new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes);
    },
    list: async (under) => (await listFiles(repository, commit, under)).map(({ path }) => path),
    changedSince: async (older) =>
      (await isAncestor(repository, older, commit)) ? await changedPaths(repository, older, commit) : undefined,
    lastChange: (paths) => lastCommitTouching(repository, commit, paths),
    saying: (text) => commitsSaying(repository, commit, text, 200),
  };
}
