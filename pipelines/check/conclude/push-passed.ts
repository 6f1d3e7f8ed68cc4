import { onlyStage, type Progress } from '#kernel';
import { configFile, readConfig } from '#config';
import type { ImagePorts } from '#pipelines/releases';
import type { ModelRepository } from '#git';
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
    const stage = onlyStage(candidate);
    const pins: [string, string | null][] = [
      [named.image, stage.model],
      [named.runtime.image, stage.runtime],
    ];
    const { clip, runtime } = proposal?.replay ?? {};
    for (const pin of [clip, runtime]) if (pin !== undefined) pins.push([pin.image, pin.digest]);
    for (const [name, digest] of new Map(pins)) {
      const image = digest === null ? undefined : await images.store.find(digest);
      if (image === undefined) continue;
      progress.step(`push ${name}@${digest}`);
      await images.registry.push(image, name);
    }
  }
  return left.join('');
}
