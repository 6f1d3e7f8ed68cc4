import { CouldNotRun, digestOfJson, hexOf } from '#kernel';
import { FleetMoved, type FleetCommit, type FleetRepository, type FleetSnapshot, type Committed } from '#gitops';

type Commit = { parent: string | null; files: ReadonlyMap<string, string>; message: string; date: Date };

/** A fleet repository in memory; keeps the same contract as the one over git. */
export class MemoryFleet implements FleetRepository {
  readonly #commits = new Map<string, Commit>();
  readonly #branches = new Map<string, string>();

  snapshot(branch: string): Promise<FleetSnapshot> {
    return Promise.resolve(this.#snapshotOf(this.#branches.get(branch) ?? null));
  }

  at(_: string, commit: string): Promise<FleetSnapshot | undefined> {
    return Promise.resolve(this.#commits.has(commit) ? this.#snapshotOf(commit) : undefined);
  }

  #snapshotOf(commit: string | null): FleetSnapshot {
    const {
      files = new Map<string, string>(),
      message = null,
      parent = null,
      date = null,
    } = this.#commits.get(commit ?? '') ?? {};
    return {
      commit,
      message,
      parent,
      date,
      read: (path) => Promise.resolve(files.get(path)),
      list: (under) => Promise.resolve([...files.keys()].filter((path) => path.startsWith(under && `${under}/`)).toSorted()),
      changedSince: (older) => Promise.resolve(this.#changed(older, commit)),
      saying: (text) => Promise.resolve(this.#saying(commit, text)),
      lastChange: (paths) =>
        Promise.resolve(this.#history(commit).find((id) => this.#changes(id).some((path) => paths.includes(path)))),
    };
  }

  #saying(commit: string | null, text: string): { commit: string; message: string }[] {
    return this.#history(commit).flatMap((id) => {
      const message = this.#commits.get(id)?.message ?? '';
      return message.includes(text) ? [{ commit: id, message }] : [];
    });
  }

  commit({ parent, branch, files, message, date, replaces = null }: FleetCommit): Promise<Committed> {
    const tip = this.#branches.get(branch) ?? null;
    const before = this.#known(parent)?.files ?? new Map<string, string>();
    const after = new Map(before);
    for (const { path, content } of files) {
      if (content === null) after.delete(path);
      else after.set(path, content);
    }
    const there = this.#commits.get(tip ?? '');
    if (tip !== null && tip !== parent) {
      if (there?.parent === parent && there.message === message && differing(there.files, after).length === 0)
        return Promise.resolve({ commit: tip, moved: false });
      if (tip !== replaces) return Promise.reject(new FleetMoved('memory', branch));
    }
    if (parent !== null && differing(before, after).length === 0) return Promise.resolve({ commit: parent, moved: false });
    const id = hexOf(digestOfJson({ parent, files: Object.fromEntries(after), message, date: date.toISOString() })).slice(0, 40);
    this.#commits.set(id, { parent, files: after, message, date });
    this.#branches.set(branch, id);
    return Promise.resolve({ commit: id, moved: true });
  }

  async land(branch: string, commit: string, expected: string | null): Promise<Committed> {
    this.#known(commit);
    if (expected !== null && !this.#history(commit).includes(expected)) {
      throw new CouldNotRun({
        file: 'memory',
        message: 'would take back what has landed since',
        remedy: 'run fieldproof check again',
      });
    }
    if ((this.#branches.get(branch) ?? null) !== expected) throw new FleetMoved('memory', branch);
    this.#branches.set(branch, commit);
    return await Promise.resolve({ commit, moved: true });
  }

  #known(commit: string | null): Commit | undefined {
    const known = this.#commits.get(commit ?? '');
    if (commit !== null && known === undefined) {
      throw new CouldNotRun({ file: 'memory', message: `has no commit ${commit}`, remedy: 'run fieldproof check again' });
    }
    return known;
  }

  #history(commit: string | null): string[] {
    return commit === null ? [] : [commit, ...this.#history(this.#commits.get(commit)?.parent ?? null)];
  }

  #changes(commit: string): string[] {
    const { parent = null, files = new Map<string, string>() } = this.#commits.get(commit) ?? {};
    return differing(this.#commits.get(parent ?? '')?.files ?? new Map<string, string>(), files);
  }

  #changed(older: string, newer: string | null): string[] | undefined {
    if (!this.#history(newer).includes(older)) return undefined;
    const [from, to] = [older, newer ?? ''].map((id) => this.#commits.get(id)?.files ?? new Map<string, string>());
    return from && to ? differing(from, to) : undefined;
  }
}

function differing(one: ReadonlyMap<string, string>, other: ReadonlyMap<string, string>): string[] {
  const paths = new Set([...one.keys(), ...other.keys()]);
  return [...paths].filter((path) => one.get(path) !== other.get(path)).toSorted();
}
