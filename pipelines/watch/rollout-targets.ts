import type { Digest } from '#kernel';
import { namesAt, replayObject, rolloutSeconds, type DeployedAt, type ImagePin, type RolloutTarget } from '#gitops';
import type { DeployConfig } from '#config';

/**
 * Milliseconds until a controller has seen a commit: Argo CD asks every two to three minutes, Flux's source every minute. They
 * are asked to hurry, so a rollout that takes less is not waited for longer than twice its time.
 */
const NOTICE = 300_000;

/** The controller, which gives a rollout the same time from when it begins with it, is to speak first, and in its own words. */
export function patience({ link }: { link: number | null }, timeout: number | null, hasClip = false): number {
  // A clip comes over the same link as the release, after it.
  const rollout = rolloutSeconds({ link, timeout }) * 1000 * (hasClip ? 2 : 1);
  return rollout + Math.min(rollout, NOTICE);
}

export type Deployed = {
  deployed: readonly DeployedAt[];
  /** Of the fleet repository. */
  commit: string;
  deploy: DeployConfig;
  /** Every digest that stands for an image. */
  digestsOf: (pin: ImagePin) => readonly Digest[];
};

type Place = { site: string; chipset: string };

/** What has to run where, at one commit of the fleet repository; places where it deploys nothing have no target. */
export function rolloutTargets(
  model: string,
  places: readonly Place[],
  { deployed, commit, deploy, digestsOf }: Deployed,
): RolloutTarget[] {
  return places.flatMap(({ site: siteName, chipset }) => {
    const site = deploy.sites.find((entry) => entry.name === siteName && entry.chipset === chipset);
    const there = deployed.find((entry) => entry.site === siteName && entry.chipset === chipset);
    if (site === undefined || there === undefined) return [];
    const { release, clip } = there;
    const place = { model, site: siteName, chipset };
    const names = namesAt(deploy.watch.names, place);
    const target: RolloutTarget = {
      controller: deploy.controller,
      ...place,
      ...contextsOf(deploy, site, names.pods),
      object: names.object,
      ...(clip === undefined ? {} : { replay: replayObject(deploy.controller, place) }),
      branch: deploy.branch,
      commit,
      digests: {
        model: digestsOf(release.model),
        runtime: release.kind === 'model' ? digestsOf(release.runtime) : null,
      },
      timeout: patience(site, deploy.watch.timeout, clip !== undefined),
    };
    return [target];
  });
}

/** Flux runs at each site; Argo CD where it runs, and deploys to sites that this machine may have no way to. */
function contextsOf(
  { controller, watch }: DeployConfig,
  { context }: DeployConfig['sites'][number],
  pods: Omit<NonNullable<RolloutTarget['pods']>, 'context'>,
): Pick<RolloutTarget, 'context' | 'pods'> {
  if (controller === 'argocd') return { context: watch.context, pods: context === null ? null : { context, ...pods } };
  const own = context ?? watch.context;
  return { context: own, pods: { context: own, ...pods } };
}
