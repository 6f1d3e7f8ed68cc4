import { onlyStage, type Digest, type Progress } from '#kernel';
import { configFile, readConfig, type Config, type ModelConfig } from '#config';
import type { BuiltImage } from '#images';
import type { ModelRepository } from '#git';
import { platformsOf, type ImagePorts } from '#pipelines/releases';
import type { CheckReport } from '#report';

const AFTER_MERGE = 'fieldproof check --base main --head main --push';

export type PushPorts = { repository: ModelRepository; images: ImagePorts; progress: Progress };

/**
 * Uploads the images of every model that passed, the runtime's too: what the manifests pin is then there to be pulled. Where to
 * is the base's word alone, since it is done with the base's password.
 * @returns what there is to say of models that the base does not name
 */
export async function pushPassed(report: CheckReport, { repository, images, progress }: PushPorts): Promise<string> {
  const config = readConfig((await repository.readFile(report.policy, configFile)) ?? '');
  const left: string[] = [];
  for (const { model, outcome, candidate, proposal } of report.models) {
    const named = config.models.find((entry) => entry.name === model);
    if (outcome !== 'pass') continue;
    if (named === undefined) {
      left.push(`not pushed  ${model}: the base does not name its image. After the merge: ${AFTER_MERGE}\n`);
      continue;
    }
    const push = async (image: BuiltImage | undefined, name: string) => {
      if (image === undefined) return;
      progress.step(`push ${name}@${image.digest}`);
      await images.registry.push(image, name);
    };
    await push(await images.store.find(onlyStage(candidate).model), named.image);
    if (proposal?.clip !== undefined) await push(await images.store.find(proposal.clip.digest), proposal.clip.image);
    for (const image of await runtimesOf(config, named, onlyStage(candidate).runtime, { images, progress })) {
      await push(image, named.runtime.image);
    }
  }
  return left.join('');
}

/** Those that manifests pin: of every platform, where it is this installation's own; a container needs one to replay a clip. */
async function runtimesOf(
  config: Config,
  model: ModelConfig,
  runtime: Digest | null,
  { images, progress }: Pick<PushPorts, 'images' | 'progress'>,
): Promise<BuiltImage[]> {
  const { chipsets, deploy } = config;
  const own = await images.runtime.describe(platformsOf(config)[0]);
  const pinned = runtime ?? (deploy?.verify == null ? null : (model.runtime.digest ?? own?.digest ?? null));
  if (pinned === null) return [];
  if (pinned !== own?.digest) {
    const chosen = await images.store.find(pinned);
    return chosen === undefined ? [] : [chosen];
  }
  const here = chipsets.filter(({ name }) => deploy === null || deploy.sites.some(({ chipset }) => chipset === name));
  const made: BuiltImage[] = [];
  for (const platform of platformsOf({ chipsets: here })) made.push(await images.runtime.build(platform, progress));
  return made;
}
