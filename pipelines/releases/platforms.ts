import { CouldNotRun, onlyStage, releaseOf, type Digest, type Problem, type Release } from '#kernel';
import type { Config } from '#config';
import type { DescribedImage } from '#images';

/** A release with the runtime of the first platform, and those of all; none where its image brings its own server. */
export type Served = { release: Release; runtimes: ReadonlyMap<string, DescribedImage> };

/** OCI platforms of the chipsets, each once: those that images are built for. */
export function platformsOf({ chipsets }: Pick<Config, 'chipsets'>): [string, ...string[]] {
  const [first = 'linux/amd64', ...others] = new Set(chipsets.map(({ platform }) => platform));
  return [first, ...others];
}

/** The runtime that serves a release on a platform; null where its image brings its own server. */
export function runtimeOn({ release, runtimes }: Served, platform: string): Digest | null {
  return runtimes.get(platform)?.digest ?? onlyStage(release).runtime;
}

/** What of a release runs on a platform. */
export function releaseOn(resolved: Served, platform: string): Release {
  return releaseOf({ ...onlyStage(resolved.release), runtime: runtimeOn(resolved, platform) });
}

/**
 * The release of a site as the first platform has it: the runtime of the site's own platform is the same one there.
 * @param chipset of the site, by name
 */
export function asOnFirstPlatform<T extends { chipset: string; release: Release }>(
  deployed: T,
  candidate: Served,
  { chipsets }: Pick<Config, 'chipsets'>,
): T {
  const platform = chipsets.find(({ name }) => name === deployed.chipset)?.platform;
  const { model, runtime } = onlyStage(deployed.release);
  if (platform === undefined || runtime === null || candidate.runtimes.get(platform)?.digest !== runtime) return deployed;
  return { ...deployed, release: releaseOf({ model, runtime: onlyStage(candidate.release).runtime }) };
}

/** @throws CouldNotRun naming every site whose platform has no runtime, so that nothing could be said of it */
export function refuseUnservedSites({ release, runtimes }: Served, { chipsets, deploy }: Config): void {
  if (onlyStage(release).runtime === null || deploy === null) return;
  const problems = deploy.sites.flatMap(({ name, chipset }, index): Problem[] => {
    const platform = chipsets.find((entry) => entry.name === chipset)?.platform;
    if (platform === undefined || runtimes.has(platform)) return [];
    return [
      {
        file: 'fieldproof.yaml',
        field: `deploy.sites[${index}]`,
        message: `${name} is ${platform}, for which there is no runtime, so nothing that would run there is judged`,
        remedy: 'take runtime.digest out of the model, or give the site a chipset of linux/amd64 or linux/arm64',
      },
    ];
  });
  if (problems.length > 0) throw new CouldNotRun(problems);
}
