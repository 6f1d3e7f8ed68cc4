import { posix } from 'node:path';
import { z } from 'zod';
import { checkValue, parseYaml, problemAt, type Problem } from '#kernel';
import type { Checked } from '../declared.ts';

const place = z.string().min(1);
const dataSchema = z.looseObject({
  path: place.nullish(),
  names: z.union([z.array(z.string().min(1)).min(1), z.record(z.string().regex(/^\d{1,6}$/), z.string().min(1))]),
});
const splitSchema = z.union([place, z.array(place).min(1)]);

/** What a data.yaml says. `places`: folders of pictures, or texts that list pictures. */
export type YoloData = { labels: readonly string[]; places: readonly string[] };

/**
 * The class names and the pictures of one split of Ultralytics' data.yaml. Places are given relative to the data.yaml: `path`
 * is where they are relative to, when it is a plain relative path, and is passed over when it names a place of another machine.
 * Source: https://docs.ultralytics.com/datasets/detect/
 * @throws CouldNotRun when it is no data.yaml
 */
export function readYoloData(text: string, file: string, split: string): Checked<YoloData> {
  const { value, source } = parseYaml(text, file, dataSchema);
  const problems: Problem[] = [];
  const labels = Array.isArray(value.names) ? value.names : namesByIndex(value.names);
  if (labels === undefined) {
    problems.push(problemAt(source, ['names'], 'does not name every index from 0 on', 'name each class once'));
  }
  const written = checkValue(splitSchema, value[split]);
  if (!written.success) {
    const remedy = 'add it, or name another `split` in the manifest';
    problems.push(problemAt(source, [split], `says nothing of the pictures of split ${JSON.stringify(split)}`, remedy));
  }
  const base = value.path == null || posix.isAbsolute(value.path) || value.path.startsWith('..') ? '.' : value.path;
  const places = [written.data ?? []].flat().map((one) => plain(posix.join(base, one)));
  return { value: { labels: labels ?? [], places }, problems };
}

function namesByIndex(names: Readonly<Record<string, string>>): readonly string[] | undefined {
  const entries = Object.entries(names).map(([index, name]) => [Number(index), name] as const);
  const ordered = entries.toSorted(([a], [b]) => a - b);
  return ordered.every(([index], position) => index === position) ? ordered.map(([, name]) => name) : undefined;
}

function plain(path: string): string {
  return path.replace(/^\.\//, '').replace(/\/$/, '');
}

/** Where the labels of a picture are: `images/` becomes `labels/` at its last place, and the ending `.txt`. */
export function yoloLabelFile(picture: string): string {
  const parts = picture.replace(/\.[^./]+$/, '').split('/');
  const at = parts.lastIndexOf('images');
  if (at >= 0) parts[at] = 'labels';
  return `${parts.join('/')}.txt`;
}
