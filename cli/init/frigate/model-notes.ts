import { problemAt, type Problem, type SourceMap } from '#kernel';
import type { OnnxHeader } from '#images';
import { readUltralytics } from '../ultralytics.ts';
import type { Camera } from './cameras.ts';
import type { FrigateConfig } from './frigate-config.ts';
import type { LabelMap } from './label-map.ts';

/** Where the configuration says which labels count. */
export const TRACK = ['objects', 'track'];

/** Tracked labels that the model has no class for. */
export function missingNotes(names: readonly string[], source: SourceMap): Problem[] {
  if (names.length === 0) return [];
  const message = `left out: the model has no class called ${someOf(names)} (faces, plates and logos Frigate finds by other models)`;
  return [problemAt(source, TRACK, message, 'take a model that has it, or correct the label map')];
}

export function differingNotes(cameras: readonly Camera[], source: SourceMap): Problem[] {
  const all = [...new Set(cameras.flatMap(({ track }) => track))];
  const some = all.filter((label) => cameras.some(({ track }) => !track.includes(label)));
  if (some.length === 0) return [];
  const message = `not every camera tracks ${someOf(some)}: here the labels are the same at each`;
  return [problemAt(source, TRACK, message, 'where that matters, give each camera a dataset of its own')];
}

/** A label map that is not that of the file: a shifted one makes dogs of people. */
export function nameNotes(header: OnnxHeader | null, map: LabelMap | null, source: SourceMap): Problem[] {
  const names = header === null || map === null ? null : (readUltralytics(header)?.labels ?? null);
  const index = names?.findIndex((name, at) => (map?.base[at] ?? '') !== name) ?? -1;
  if (index < 0) return [];
  const message = `contradiction: the file calls its class ${index} ${JSON.stringify(names?.[index])}, and the label map ${JSON.stringify(map?.base[index] ?? '')}: the map is written down`;
  return [
    problemAt(
      source,
      ['model', 'labelmap_path'],
      message,
      'where the file is right, leave the label map out of the configuration',
    ),
  ];
}

/** Inputs that are not served. */
export function inputNotes({ model }: FrigateConfig, source: SourceMap): Problem[] {
  const notes: Problem[] = [];
  const order = model?.input_tensor;
  const or = 'or serve it by a container of your own (docs/models.md)';
  if (model?.input_pixel_format === 'yuv') {
    const message = 'left out: pictures are handed over as rgb or bgr, not as yuv';
    notes.push(problemAt(source, ['model', 'input_pixel_format'], message, `export the model for rgb or bgr, ${or}`));
  }
  if (order === 'hwnc' || order === 'hwcn') {
    const message = `left out: ${order} is not served, nchw and nhwc are`;
    notes.push(problemAt(source, ['model', 'input_tensor'], message, `export the model with the batch first, ${or}`));
  }
  return notes;
}

/** Not more than anybody reads. */
export function someOf(names: readonly string[]): string {
  return names.slice(0, 10).join(', ') + (names.length > 10 ? ', ...' : '');
}
