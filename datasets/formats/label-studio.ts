import { z } from 'zod';
import { readBounded } from '../bounded-list.ts';
import type { Checked } from '../declared.ts';
import { cornersFault, plainBox, type DeclaredBox, type DeclaredBoxes, type DeclaredPicture } from './declared-boxes.ts';
import { placeProblems } from './json-places.ts';
import { JsonFindings, readJson } from './json-text.ts';

const percent = z.number();
const pixels = z.number().positive();
const rectangle = { x: percent, y: percent, width: percent, height: percent, rotation: z.number().optional() };
const sizes = { original_width: pixels.optional(), original_height: pixels.optional() };
const resultSchema = z.object({
  type: z.string(),
  ...sizes,
  image_rotation: z.number().optional(),
  value: z.looseObject({}),
});
const boxSchema = z.object({ ...rectangle, rectanglelabels: z.array(z.string().min(1)).min(1) });
const annotationSchema = z.object({
  was_cancelled: z.boolean().nullish(),
  ground_truth: z.boolean().nullish(),
  result: z.array(resultSchema),
});
const taskSchema = z.object({ data: z.record(z.string(), z.unknown()), annotations: z.array(annotationSchema) });
const shortSchema = z.looseObject({
  image: z.string().min(1),
  label: z.array(z.object({ ...rectangle, ...sizes, rectanglelabels: z.array(z.string().min(1)).min(1) })).optional(),
});

const REMEDY = 'export it from Label Studio as JSON or JSON-MIN';
type Findings = JsonFindings;
type Result = z.output<typeof resultSchema>;

/**
 * Boxes from an export of Label Studio's, JSON or JSON-MIN, in shares of each picture. Of several annotations of one picture
 * the one that is marked as ground truth counts; rotated rectangles are refused.
 * Source: https://labelstud.io/guide/export
 */
export function readLabelStudio(text: string, file: string): Checked<DeclaredBoxes> {
  return readBounded(text, { file }, () => {
    const json = readJson(text, file, REMEDY);
    if ('problem' in json) return { value: { labels: [], pictures: [] }, problems: [json.problem] };
    const findings = new JsonFindings();
    const tasks = findings.read(z.array(z.unknown()), json.value, [], REMEDY) ?? [];
    const pictures: DeclaredPicture[] = [];
    for (const [at, task] of tasks.entries()) {
      if (findings.full) break;
      const picture = readTask(task, at, file, findings);
      if (picture !== undefined) pictures.push(picture);
    }
    const occurring = pictures.flatMap(({ boxes }) => boxes.map(({ label }) => label)).toSorted();
    return { value: { labels: [...new Set(occurring)], pictures }, problems: placeProblems(text, file, findings.problems) };
  });
}

function readTask(written: unknown, at: number, file: string, findings: Findings): DeclaredPicture | undefined {
  const whole = typeof written === 'object' && written !== null && 'data' in written;
  const task = whole ? readWhole(written, at, findings) : readShort(written, at, findings);
  if (task === undefined) return undefined;
  const boxes: DeclaredBox[] = [];
  for (const { path, result } of task.results) {
    const box = readRectangle(result, path, findings);
    if (box !== undefined) boxes.push(box);
  }
  const [first] = task.results;
  const { original_width: width, original_height: height } = first?.result ?? {};
  const size = width === undefined || height === undefined ? null : { width, height };
  return { file: pictureOf(task.picture), unit: 'shares', size, boxes, at: { file, field: `[${at}]` } };
}

type Task = { picture: string; results: { path: (string | number)[]; result: Result }[] };

function readWhole(written: unknown, at: number, findings: Findings): Task | undefined {
  const task = findings.read(taskSchema, written, [at], REMEDY);
  if (task === undefined) return undefined;
  const { image, ...others } = task.data;
  const picture = [image, ...Object.values(others)].find((value) => typeof value === 'string' && value !== '');
  if (typeof picture !== 'string') {
    findings.add([at, 'data'], 'names no picture', REMEDY);
    return undefined;
  }
  const done = [...task.annotations.entries()].filter(([, { was_cancelled: cancelled }]) => cancelled !== true);
  const marked = done.filter(([, { ground_truth: truth }]) => truth === true);
  const [chosen, another] = marked.length > 0 ? marked : done;
  if (another !== undefined) {
    findings.add(
      [at, 'annotations'],
      `has ${done.length} annotations, and none alone is marked as ground truth`,
      'mark one in Label Studio',
    );
    return undefined;
  }
  if (chosen === undefined) {
    findings.add([at], 'has not been annotated', 'annotate it, or leave it out of the export');
    return undefined;
  }
  const [index, { result }] = chosen;
  return {
    picture,
    results: result.map((one, position) => ({ path: [at, 'annotations', index, 'result', position], result: one })),
  };
}

function readShort(written: unknown, at: number, findings: Findings): Task | undefined {
  const task = findings.read(shortSchema, written, [at], REMEDY);
  if (task === undefined) return undefined;
  const results = (task.label ?? []).map(({ original_width, original_height, ...value }, position) => ({
    path: [at, 'label', position],
    result: { type: 'rectanglelabels', original_width, original_height, value },
  }));
  return { picture: task.image, results };
}

function readRectangle(result: Result, path: (string | number)[], findings: Findings): DeclaredBox | undefined {
  if (result.type === 'choices') return undefined;
  if (result.type !== 'rectanglelabels') {
    findings.add(
      path,
      `is of type ${JSON.stringify(result.type)}, and not a box with a label`,
      'draw it as a labelled rectangle',
    );
    return undefined;
  }
  const value = findings.read(boxSchema, result.value, [...path, 'value'], REMEDY);
  if (value === undefined) return undefined;
  const { x, y, width, height, rotation = 0, rectanglelabels: labels } = value;
  const corners = { x1: x / 100, y1: y / 100, x2: (x + width) / 100, y2: (y + height) / 100 };
  const fault =
    rotation !== 0 || (result.image_rotation ?? 0) !== 0
      ? 'is rotated'
      : labels.length > 1
        ? 'has more than one label'
        : cornersFault(corners);
  if (fault === undefined) return plainBox(labels[0] ?? '', corners);
  findings.add(path, `its box ${fault}`, 'draw it anew, upright and with one label');
  return undefined;
}

/** The file's name as it was before it came into Label Studio, which puts eight hex digits before what is uploaded. */
function pictureOf(address: string): string {
  const [path = '', query = ''] = address.split('?');
  const local = new URLSearchParams(query).get('d');
  if (path.endsWith('/data/local-files/') && local !== null) return local;
  const name = decode(path.slice(path.lastIndexOf('/') + 1));
  return path.startsWith('/data/upload/') ? name.replace(/^[0-9a-f]{8}-/, '') : /^[a-z0-9]+:\/\//i.test(path) ? name : path;
}

function decode(name: string): string {
  try {
    return decodeURIComponent(name);
  } catch {
    return name;
  }
}
