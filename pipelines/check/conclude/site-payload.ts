import { onlyStage } from '#kernel';
import { imageOn, payload, type Blob, type DescribedImage } from '#images';
import type { ModelReport } from '#report';
import type { CheckContext } from '../check-context.ts';
import type { PlannedModel } from '../plan/plan-model-change.ts';

type Planned = Pick<PlannedModel, 'candidate' | 'references' | 'deployed'>;

/** What each site has to download: what it does not hold already of the candidate, and of its runtime where that is another. */
export function sitesOf(
  { candidate, references, deployed }: Planned,
  { change }: Pick<CheckContext, 'change'>,
): ModelReport['sites'] {
  const known = [candidate, ...references.map(({ resolved }) => resolved)];
  const images = new Map(known.map(({ release, image }) => [onlyStage(release).model, image]));
  const platformOf = (name: string) => change.config.chipsets.find((chipset) => chipset.name === name)?.platform ?? '';
  return (change.config.deploy?.sites ?? []).map(({ name, chipset, link }) => {
    const deployedThere = deployed.find((entry) => entry.site === name && entry.chipset === chipset)?.release;
    const platform = platformOf(chipset);
    const runs = deployedThere === undefined ? undefined : onlyStage(deployedThere);
    const runtime =
      runs !== undefined && runs.runtime === onlyStage(candidate.release).runtime ? [] : runtimeOf(candidate, platform);
    const held = runs === undefined ? undefined : images.get(runs.model);
    const bytes =
      runtime === null
        ? null
        : payload(held ? blobsOf(imageOn(held, platform)) : [], [...blobsOf(imageOn(candidate.image, platform)), ...runtime]);
    const seconds = bytes === null || link === null ? null : (bytes * 8) / link;
    return { name, chipset, payloadBytes: bytes, transferSeconds: seconds };
  });
}

/** Null where nobody knows how large it is. */
function runtimeOf({ release, runtimes }: Planned['candidate'], platform: string): readonly Blob[] | null {
  if (onlyStage(release).runtime === null) return [];
  const runtime = runtimes.get(platform);
  return runtime === undefined ? null : blobsOf(runtime);
}

function blobsOf({ layers, config }: DescribedImage): readonly Blob[] {
  return [...layers, config];
}
