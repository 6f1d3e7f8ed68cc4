import type { FrigateModel } from './frigate-config.ts';

/** COCO's classes from person on; empty: a number that COCO skips. Without those it has 80. */
const COCO_90 =
  'person|bicycle|car|motorcycle|airplane|bus|train|truck|boat|traffic light|fire hydrant||stop sign|parking meter|bench|bird|cat|dog|horse|sheep|cow|elephant|bear|zebra|giraffe||backpack|umbrella|||handbag|tie|suitcase|frisbee|skis|snowboard|sports ball|kite|baseball bat|baseball glove|skateboard|surfboard|tennis racket|bottle||wine glass|cup|fork|knife|spoon|bowl|banana|apple|sandwich|orange|broccoli|carrot|hot dog|pizza|donut|cake|chair|couch|potted plant|bed||dining table|||toilet||tv|laptop|mouse|remote|keyboard|cell phone|microwave|oven|toaster|sink|refrigerator||book|clock|vase|scissors|teddy bear|hair drier|toothbrush'.split(
    '|',
  );
const COCO_80: readonly string[] = COCO_90.filter((name) => name !== '');

/** Names by number, and what stands over some of them. */
export type LabelMap = { base: readonly string[]; over: Readonly<Record<string, string>> };

/** The lists that lie in Frigate's own container, by their path there. To Frigate a truck is a car, and in one of them a bus is too. */
export function builtInLabels(path: string): LabelMap | null {
  if (path === '/labelmap/coco-80.txt') return { base: COCO_80, over: { 5: 'car', 7: 'car' } };
  return path === '/labelmap.txt' ? { base: COCO_90, over: { 7: 'car' } } : null;
}

/** COCO's, where a model has as many classes. */
export function cocoLabels(classes: number | null): LabelMap | null {
  if (classes === 80) return builtInLabels('/labelmap/coco-80.txt');
  return classes === 90 || classes === null ? builtInLabels('/labelmap.txt') : null;
}

const MOST_LABELS = 10_000;

/** As Frigate reads one: a name a line, or its number before it. */
export function readLabelMap(text: string): readonly string[] | null {
  const lines = text
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '');
  if (lines.length === 0 || lines.length > MOST_LABELS) return null;
  if (!/^\d/.test(lines[0] ?? '')) return lines;
  const labels: string[] = [];
  for (const line of lines) {
    const [, index = '', name = ''] = /^(\d{1,4})\s+(.+)$/.exec(line) ?? [];
    if (index === '') return null;
    labels[Number(index)] = name;
  }
  return Array.from(labels, (name: string | undefined) => name ?? '');
}

/** `labels`: of the model, each once. `means`: how Frigate calls each of them, which may be one name for several. */
export type Labels = { labels: readonly string[]; means: readonly string[] };

/** With `model.labelmap` over it. A number without a name, and a name that stands there again, get one that tells them apart. */
export function mergeLabels({ base, over }: LabelMap, { labelmap }: Pick<FrigateModel, 'labelmap'>): Labels {
  const renamed = new Map(Object.entries({ ...over, ...labelmap }).map(([index, name]) => [Number(index), name]));
  const length = Math.max(base.length, ...[...renamed.keys()].map((index) => index + 1));
  const plain = (name: string) => name.replaceAll(/\s+/g, ' ').trim();
  const means = Array.from({ length }, (_, index) => plain(renamed.get(index) ?? base[index] ?? '') || `class ${index}`);
  const taken = new Set(means);
  const first = new Map(means.map((name, index) => [name, index] as const).toReversed());
  const labels = means.map((name, index) => {
    if (first.get(name) === index) return name;
    const own = plain(base[index] ?? '');
    const other = own === '' || taken.has(own) ? `${name} ${index}` : own;
    taken.add(other);
    return other;
  });
  return { labels, means };
}

/** Classes of a dataset: each tracked label with the other names that the model has for it. `missing`: what it has no class for. */
export function trackedClasses(
  track: readonly string[],
  { labels, means }: Labels,
): { classes: Readonly<Record<string, readonly string[]>>; missing: readonly string[] } {
  const found = track.map((label) => [label, labels.filter((_, index) => means[index] === label)] as const);
  return {
    classes: Object.fromEntries(
      found.filter(([, all]) => all.length > 0).map(([label, all]) => [label, all.filter((one) => one !== label)]),
    ),
    missing: found.filter(([, all]) => all.length === 0).map(([label]) => label),
  };
}
