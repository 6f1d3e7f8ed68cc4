import { z } from 'zod';
import type { Problem } from '#kernel';
import { readBounded } from '../bounded-list.ts';
import type { Checked } from '../declared.ts';
import { boundsOf, cornersFault, plainBox, type DeclaredBox, type DeclaredBoxes } from './declared-boxes.ts';
import { placeProblems } from './json-places.ts';
import { JsonFindings, readJson } from './json-text.ts';
import { boxOfRunLengths } from './run-lengths.ts';

const id = z.union([z.int(), z.string().min(1)]);
const flag = z.union([z.int(), z.boolean()]).transform(Boolean).optional();
const pixels = z.number().int().positive();
const wholeSchema = z.object({
  images: z.array(z.unknown()),
  annotations: z.array(z.unknown()),
  categories: z.array(z.unknown()),
});
const imageSchema = z.object({ id, file_name: z.string().min(1), width: pixels.optional(), height: pixels.optional() });
const categorySchema = z.object({ id, name: z.string().min(1) });
const runLengths = z.object({
  counts: z.union([z.array(z.number()), z.string()]),
  size: z.tuple([pixels, pixels]),
});
const annotationSchema = z.object({
  image_id: id,
  category_id: id,
  bbox: z
    .array(z.number())
    .refine(({ length }) => length === 0 || length === 4, 'expected x, y, width and height')
    .nullish(),
  segmentation: z.union([z.array(z.array(z.number())), runLengths]).nullish(),
  area: z.number().nonnegative().nullish(),
  iscrowd: flag,
  ignore: flag,
});
type Annotation = z.output<typeof annotationSchema>;

const REMEDY = 'see the format of instances at cocodataset.org';

/**
 * Boxes from a file of COCO's instances: crowds, entries to ignore, entries that have a segmentation alone (then the box around it),
 * ids that are 0 or texts. Pictures without boxes stay: they are what false alarms are counted on. Labels are in the order of
 * their ids.
 * Source: https://cocodataset.org/#format-data
 */
export function readCoco(text: string, file: string): Checked<DeclaredBoxes> {
  return readBounded(text, { file }, () => {
    const json = readJson(text, file, REMEDY);
    if ('problem' in json) return { value: { labels: [], pictures: [] }, problems: [json.problem] };
    const findings = new JsonFindings();
    const value = readWhole(json.value, file, findings);
    return { value, problems: placeProblems(text, file, findings.problems) satisfies readonly Problem[] };
  });
}

function readWhole(written: unknown, file: string, findings: JsonFindings): DeclaredBoxes {
  const whole = findings.read(wholeSchema, written, [], REMEDY);
  if (whole === undefined) return { labels: [], pictures: [] };
  const categories = findings.readEach(categorySchema, whole.categories, 'categories', REMEDY);
  const images = findings.readEach(imageSchema, whole.images, 'images', REMEDY);
  const names = new Map(categories.map(({ entry }) => [entry.id, entry.name]));
  const boxes = new Map(images.map(({ entry }) => [entry.id, [] as DeclaredBox[]]));
  if (names.size < categories.length) findings.add(['categories'], 'has two entries of one id', 'give each an id of its own');
  if (boxes.size < images.length) findings.add(['images'], 'has two entries of one id', 'give each an id of its own');
  for (const { at, entry } of findings.readEach(annotationSchema, whole.annotations, 'annotations', REMEDY)) {
    const fault = addBox(entry, names, boxes);
    if (fault !== undefined) findings.add(['annotations', at], fault, 'correct the annotation, or remove it');
  }
  const inOrder = categories.toSorted((a, b) => compareIds(a.entry.id, b.entry.id));
  return {
    labels: [...new Set(inOrder.map(({ entry }) => entry.name))],
    pictures: images.map(({ at, entry: { id: image, file_name, width, height } }) => ({
      file: file_name,
      unit: 'pixels',
      size: width === undefined || height === undefined ? null : { width, height },
      boxes: boxes.get(image) ?? [],
      at: { file, field: `images[${at}]` },
    })),
  };
}

/** Adds an annotation to its picture's boxes, or says why it cannot be. */
function addBox(
  annotation: Annotation,
  names: ReadonlyMap<string | number, string>,
  boxes: ReadonlyMap<string | number, DeclaredBox[]>,
): string | undefined {
  const picture = boxes.get(annotation.image_id);
  const label = names.get(annotation.category_id);
  if (picture === undefined) return `is of image ${JSON.stringify(annotation.image_id)}, which \`images\` does not list`;
  if (label === undefined) return `is of category ${JSON.stringify(annotation.category_id)}, which \`categories\` does not list`;
  const corners = cornersOf(annotation);
  if (corners === undefined) return 'has neither a `bbox` nor a segmentation that has one';
  const fault = cornersFault(corners);
  if (fault !== undefined) return `its box ${fault}`;
  const { area = null, iscrowd: crowd = false, ignore = false } = annotation;
  picture.push(plainBox(label, corners, { area, crowd, ignore }));
  return undefined;
}

function cornersOf({ bbox, segmentation }: Annotation) {
  if (bbox != null && bbox.length === 4) {
    const [x = 0, y = 0, width = 0, height = 0] = bbox;
    return { x1: x, y1: y, x2: x + width, y2: y + height };
  }
  if (segmentation == null) return undefined;
  if ('counts' in segmentation) {
    const box = boxOfRunLengths(segmentation.counts, segmentation.size);
    return box === undefined ? undefined : { x1: box.x1, y1: box.y1, x2: box.x2, y2: box.y2 };
  }
  return segmentation.some((polygon) => polygon.length >= 2) ? boundsOf(segmentation.flat()) : undefined;
}

function compareIds(a: string | number, b: string | number): number {
  if (typeof a === 'number' && typeof b === 'number') return a - b;
  return String(a) < String(b) ? -1 : 1;
}
