import { canonicalJson } from '#kernel';
import type { FleetFile, FleetSnapshot } from '../fleet-repository.ts';
import type { DeployedAt } from '../release.ts';

/** A chipset at a site. */
export type Place = { site: string; chipset: string };

/**
 * The order in which a release reaches its sites. With a canary: the canaries first, then a wave for each chipset, in the
 * order given. Without: all at once. A site is one cluster and goes as a whole, with the earliest of its chipsets.
 */
export function planWaves(sites: readonly (Place & { canary: boolean })[], chipsets: readonly string[]): readonly Place[][] {
  const places = sites.map(({ site, chipset }) => ({ site, chipset }));
  if (!sites.some(({ canary }) => canary)) return [places];
  const rankOf = ({ site }: Place) =>
    Math.min(
      ...sites.filter((other) => other.site === site).map(({ canary, chipset }) => (canary ? -1 : chipsets.indexOf(chipset))),
    );
  const byRank = Map.groupBy(places, rankOf);
  return [...byRank].toSorted(([one], [other]) => one - other).map(([, wave]) => wave);
}

/**
 * The files of each wave: those whose path names a site (as a folder, or as a file without its extension) go with that
 * site, all others with the first wave, such as a base that every site shares.
 */
export function filesByWave<T extends { path: string }>(
  files: readonly T[],
  waves: readonly (readonly Place[])[],
  model: string,
): T[][] {
  const waveOf = ({ path }: T) => {
    const named = withoutOne(path.replace(/\.[^./]+$/, '').split('/'), model);
    for (const part of named) {
      const wave = waves.findIndex((places) => places.some(({ site }) => site === part));
      if (wave >= 0) return wave;
    }
    return 0;
  };
  return waves.map((_, index) => files.filter((file) => waveOf(file) === index));
}

/** A model may have the name of a site; its folder is not the site's. */
function withoutOne(parts: readonly string[], name: string): string[] {
  const at = parts.indexOf(name);
  return at < 0 ? [...parts] : parts.toSpliced(at, 1);
}

/** A snapshot as it would be with these files: what a commit would deploy is known before it is made. */
export function withFiles(snapshot: FleetSnapshot, files: readonly FleetFile[]): FleetSnapshot {
  const contents = new Map(files.map(({ path, content }) => [path, content]));
  return {
    ...snapshot,
    commit: snapshot.commit ?? 'a first commit',
    read: async (path) => (contents.has(path) ? (contents.get(path) ?? undefined) : await snapshot.read(path)),
    list: async (under) => {
      const added = [...contents.keys()].filter((path) => path.startsWith(under && `${under}/`));
      const all = new Set([...(await snapshot.list(under)), ...added]);
      return [...all].filter((path) => contents.get(path) !== null).toSorted();
    },
  };
}

/** Whether both deploy the same at these places, and something at each. */
export function deploysAlike(one: readonly DeployedAt[], other: readonly DeployedAt[], places: readonly Place[]): boolean {
  return places.every((place) => {
    const [a, b] = [releaseAt(one, place), releaseAt(other, place)];
    return a !== undefined && b !== undefined && canonicalJson(a) === canonicalJson(b);
  });
}

/** Places whose release a commit would change though it is not their turn. */
export function outOfTurn(before: readonly DeployedAt[], after: readonly DeployedAt[], turn: readonly Place[]): Place[] {
  const due = (place: Place) => turn.some(({ site, chipset }) => site === place.site && chipset === place.chipset);
  return after
    .filter((place) => !due(place))
    .filter((place) => canonicalJson(place.release) !== canonicalJson(releaseAt(before, place) ?? null))
    .map(({ site, chipset }) => ({ site, chipset }));
}

export function releaseAt(deployed: readonly DeployedAt[], { site, chipset }: Place): DeployedAt['release'] | undefined {
  return deployed.find((entry) => entry.site === site && entry.chipset === chipset)?.release;
}
