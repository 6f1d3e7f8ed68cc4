import { CouldNotRun } from '#kernel';
import type { Clip } from '#datasets';
import { configFile, type DeployConfig, type ModelConfig } from '#config';
import type { CheckContext } from '../check-context.ts';
import type { OpenReplay } from './open-datasets.ts';

type ClipToReplay = OpenReplay & { clip: Clip; tolerance: number };

/**
 * The clip that is shown to the model at its sites; null where none is, or where the model is not judged on its dataset.
 * @throws CouldNotRun when the dataset has no such clip
 */
export function clipToReplay(model: ModelConfig, { verify }: DeployConfig, { datasets }: CheckContext): ClipToReplay | null {
  const isJudged = model.gates.some((gate) => gate.kind === 'quality' && gate.dataset === verify?.dataset);
  if (verify === null || !isJudged) return null;
  const opened = datasets.replay.get(verify.dataset);
  if (opened === undefined) throw wrongClip('dataset', `${verify.dataset} holds no clips`, 'name a dataset of kind replay');
  const clip = opened.dataset.clips.find(({ id }) => id === verify.clip);
  if (clip !== undefined) return { ...opened, clip, tolerance: verify.tolerance };
  const some = opened.dataset.clips.slice(0, 5).map(({ id }) => id);
  throw wrongClip('clip', `${verify.dataset} has no clip ${verify.clip}`, `name one of its clips, such as ${some.join(', ')}`);
}

function wrongClip(field: string, message: string, remedy: string): CouldNotRun {
  return new CouldNotRun({ file: configFile, field: `deploy.verify.${field}`, message, remedy });
}
