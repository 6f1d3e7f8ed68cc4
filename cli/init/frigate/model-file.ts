import path from 'node:path';
import { problemAt, type Problem, type SourceMap } from '#kernel';
import type { FrigateConfig } from './frigate-config.ts';

/** Where Frigate's container has its configuration. */
const CONFIG = '/config/';

/** A path as the container sees it, on this machine: what lies in /config lies beside the configuration. */
export function onThisMachine(written: string, configFile: string): string {
  return written.startsWith(CONFIG)
    ? path.join(path.dirname(configFile), path.posix.normalize(written).slice(CONFIG.length))
    : written;
}

/** The ONNX file that the configuration names, or why it names none that can be served, and what to do. */
export type NamedModel = { file: string } | { note: Problem };

const EXPORT =
  'export the same weights as ONNX with the tool that they were trained with, and name the file with --model (docs/frigate.md)';

/** What other detectors of Frigate take, by the end of its name. */
const OTHERS: Readonly<Record<string, string>> = {
  '.tflite': 'TensorFlow Lite, for the Coral and the processor',
  '.xml': 'OpenVINO',
  '.hef': 'a Hailo chip',
  '.rknn': 'a Rockchip NPU',
  '.trt': 'TensorRT',
  '.engine': 'TensorRT',
  '.dfp': 'a MemryX chip',
};

export function namedModel({ model }: FrigateConfig, configFile: string, source: SourceMap): NamedModel {
  const written = model?.path ?? null;
  const note = (message: string, remedy = EXPORT) => ({ note: problemAt(source, ['model', 'path'], message, remedy) });
  if (written === null) return note('there is none, so Frigate runs the model that it brings along, which is no ONNX file');
  if (written.startsWith('plus://')) {
    return note(
      'it is a model of Frigate+, which Frigate fetches with a key of yours',
      'where its detector takes ONNX, Frigate keeps the file in model_cache: name a copy of it that ends in .onnx with --model',
    );
  }
  if (/\{\w+\}/.test(written)) {
    return note('it is put together from the environment, which is not read', 'name the file with --model');
  }
  const end = path.posix.extname(written).toLowerCase();
  if (end === '.onnx') return { file: onThisMachine(written, configFile) };
  const kind = Object.hasOwn(OTHERS, end) ? `a model for ${OTHERS[end]}` : 'no ONNX file';
  return note(`it is ${kind}, and the stock runtime serves ONNX`);
}
