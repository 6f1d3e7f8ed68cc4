import type { OnnxHeader } from '#images';
import { readLiteral, type Literal } from './python-literal.ts';

/** What Ultralytics' exporter writes into a file, as far as it can be read. All values are texts, some as Python prints them. */
export type Ultralytics = {
  task: string;
  labels: readonly string[] | null;
  /** Height and width. */
  size: readonly [number, number] | null;
  /** Non-maximum suppression is part of the graph. */
  nms: boolean;
};

/** Null for files of other exporters. */
export function readUltralytics({ metadata }: Pick<OnnxHeader, 'metadata'>): Ultralytics | null {
  const names = labelsIn(metadata.get('names'));
  const task = metadata.get('task') ?? (names !== null && metadata.has('stride') ? 'detect' : undefined); // YOLOv5 writes no task
  if (task === undefined || (names === null && !metadata.has('stride'))) return null;
  const args = readLiteral(metadata.get('args') ?? '');
  return { task, labels: names, size: sizeIn(metadata.get('imgsz')), nms: args instanceof Map && args.get('nms') === true };
}

/** Names by number, from 0 on without a gap, as a dictionary or as a list. */
export function labelsIn(text: string | undefined): readonly string[] | null {
  const value = text === undefined ? undefined : (readLiteral(text) ?? jsonLabels(text));
  if (value === undefined) return null;
  const list = value instanceof Map ? Array.from({ length: value.size }, (_, index) => byNumber(value, index)) : value;
  if (!Array.isArray(list) || list.length === 0) return null;
  const labels: readonly unknown[] = list;
  return labels.every((label) => typeof label === 'string' && label !== '') ? (labels as readonly string[]) : null;
}

function byNumber(names: ReadonlyMap<Literal, Literal>, index: number): Literal | undefined {
  return names.get(index) ?? names.get(String(index));
}

function jsonLabels(text: string): Literal | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return Array.isArray(value) ? (value as Literal) : undefined;
  } catch {
    return undefined;
  }
}

function sizeIn(text: string | undefined): readonly [number, number] | null {
  const value = text === undefined ? undefined : readLiteral(text);
  const [height, width] = typeof value === 'number' ? [value, value] : Array.isArray(value) ? (value as Literal[]) : [];
  return typeof height === 'number' && typeof width === 'number' && height > 0 && width > 0 ? [height, width] : null;
}
