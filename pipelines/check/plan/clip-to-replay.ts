import { CouldNotRun } from '#kernel';
import type { Clip, ClipDataset, OpenDataset } from '#datasets';
import { configFile, type DeployConfig, type ModelConfig } from '#config';
import { opened, type Datasets } from './open-datasets.ts';

type ClipToReplay = { open: OpenDataset; dataset: ClipDataset; clip: Clip; tolerance: number };

/**
 * The clip that is shown to the model at its sites; null where none is, or where the model is not judged on its dataset.
 * @throws CouldNotRun when the dataset has no such clip
 */
export function clipToReplay(
  model: ModelConfig,
  { verify }: DeployConfig,
  { datasets }: { datasets: Datasets },
): ClipToReplay | null {
  const isJudged = model.gates.some((gate) => gate.kind === 'quality' && gate.dataset === verify?.dataset);
  if (verify === null || !isJudged) return null;
  const open = opened(datasets, verify.dataset);
  const { dataset } = open;
  if (dataset.medium !== 'clips') throw wrongClip('dataset', `${verify.dataset} holds no clips`, 'name a dataset of clips');
  const clip = dataset.clips.find(({ id }) => id === verify.clip);
  if (clip !== undefined) return { open, dataset, clip, tolerance: verify.tolerance };
  const some = dataset.clips.slice(0, 5).map(({ id }) => id);
  throw wrongClip('clip', `${verify.dataset} has no clip ${verify.clip}`, `name one of its clips, such as ${some.join(', ')}`);
}

function wrongClip(field: string, message: string, remedy: string): CouldNotRun {
  return new CouldNotRun({ file: configFile, field: `deploy.verify.${field}`, message, remedy });
}
