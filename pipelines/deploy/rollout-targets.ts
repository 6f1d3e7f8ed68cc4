import { releaseAt, rolloutSeconds, type DeployedAt, type Place, type RolloutTarget } from '#gitops';
import type { DeployConfig } from '../config/config.ts';

/** Milliseconds until a controller has seen a commit: the interval of its source, and then some. */
const NOTICE = 300_000;

/** What has to run where, at one commit of the fleet repository. */
export function rolloutTargets(
  model: string,
  places: readonly Place[],
  { deployed, commit, deploy }: { deployed: readonly DeployedAt[]; commit: string; deploy: DeployConfig },
): RolloutTarget[] {
  return places.flatMap((place) => {
    const release = releaseAt(deployed, place);
    if (release === undefined) return [];
    const link = deploy.sites.find(({ name }) => name === place.site)?.link ?? null;
    return [
      {
        controller: deploy.controller,
        model,
        ...place,
        context: null,
        branch: deploy.branch,
        commit,
        digests: { model: [release.model.digest], runtime: release.kind === 'model' ? [release.runtime.digest] : null },
        timeout: rolloutSeconds({ link }) * 1000 + NOTICE,
      },
    ];
  });
}
