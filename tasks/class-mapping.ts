import { CouldNotRun } from '#kernel';
import type { ClipDataset, Dataset } from '#datasets';

/** Which of the dataset's classes each class of the model is; null: one that the dataset does not ask about. */
export type ClassMapping = {
  toDataset: readonly (number | null)[];
  /** What a reader should know of it, as a sentence; null where both name the same in the same order. */
  note: string | null;
};

type Named = Extract<Dataset, { classes: unknown }>;

/** Of datasets that ask for no class, such as pairs. */
const NO_CLASSES: ClassMapping = { toDataset: [], note: null };

/** As `mapClasses`, for any dataset: of clips, about the classes that make its events. */
export function classMapping(labels: readonly string[] | null, dataset: Dataset, model: string): ClassMapping {
  return 'classes' in dataset ? mapClasses(labels, dataset, model) : NO_CLASSES;
}

/** With a rule, which makes events of some of the classes: only these are asked about. */
export type AskedClasses = Pick<Named, 'name' | 'classes' | 'renames'> & Partial<Pick<ClipDataset, 'rule'>>;

/**
 * Classes are names. Where a model says what its classes are called, they are found by name, in whatever order; where it does not,
 * it is taken to have the dataset's, in the dataset's order. A name that stands several times is matched in order.
 * @param labels as the model's metadata has them
 * @throws CouldNotRun when the dataset asks about a class that the model does not know
 */
export function mapClasses(labels: readonly string[] | null, dataset: AskedClasses, model: string): ClassMapping {
  const { classes, renames = {} } = dataset;
  if (labels === null) return { toDataset: classes.map((_, index) => index), note: null };
  const named = labels.map((label) => (Object.hasOwn(renames, label) ? (renames[label] ?? label) : label));
  const toDataset = matchInOrder(named, classes, new Set(Object.values(renames)));
  const known = new Set(toDataset);
  const asked = new Set(dataset.rule === undefined ? classes.keys() : Object.values(dataset.rule.labels).flat());
  const unknown = classes.filter((_, index) => asked.has(index) && !known.has(index));
  if (unknown.length > 0) throw unknownClasses(model, dataset, labels, unknown);
  return { toDataset, note: noteOn(labels, toDataset, dataset) };
}

/** @param joined classes that several of the model's may be */
function matchInOrder(
  labels: readonly string[],
  classes: readonly string[],
  joined: ReadonlySet<string>,
): readonly (number | null)[] {
  const places = Map.groupBy(classes.keys(), (index) => classes[index] ?? '');
  const met = new Map<string, number>();
  return labels.map((label) => {
    const seen = met.get(label) ?? 0;
    met.set(label, seen + 1);
    return (joined.has(label) ? places.get(label)?.[0] : places.get(label)?.[seen]) ?? null;
  });
}

function noteOn(
  labels: readonly string[],
  toDataset: ClassMapping['toDataset'],
  { name, classes, renames = {} }: Pick<Named, 'name' | 'classes' | 'renames'>,
): string | null {
  const left = toDataset.filter((index) => index === null).length;
  const moved = toDataset.some((to, index) => to !== null && to !== index);
  const renamed = labels.filter((label) => Object.hasOwn(renames, label)).length;
  const parts = [
    ...(moved && left === 0 && renamed === 0
      ? ['names its classes in another order than the dataset: they were matched by name']
      : []),
    ...(renamed > 0 ? [`has ${renamed} classes that the dataset calls by another name: its \`classes\` says which`] : []),
    ...(left > 0
      ? [`knows ${labels.length} classes, of which the dataset asks about ${classes.length}: the others were left out`]
      : []),
    ...(moved && new Set(classes).size < classes.length ? ['has several classes of one name: they were matched in order'] : []),
  ];
  return parts.length === 0 ? null : `On ${name} the model ${parts.join('; it ')}.`;
}

/** So many names are said; whoever wants more has the file. */
const SHOWN = 5;

function unknownClasses(
  model: string,
  { name, classes }: Pick<Named, 'name' | 'classes'>,
  labels: readonly string[],
  unknown: readonly string[],
): CouldNotRun {
  const list = (names: readonly string[]) =>
    names
      .slice(0, SHOWN)
      .map((one) => JSON.stringify(one))
      .join(', ') + (names.length > SHOWN ? ` and ${names.length - SHOWN} more` : '');
  const strangers = labels.filter((label) => !classes.includes(label));
  return new CouldNotRun({
    file: `model ${model}`,
    field: 'labels',
    message: `it has no class ${list(unknown)}, which dataset ${name} asks about${strangers.length > 0 ? `; it has ${list(strangers)}` : ''}`,
    remedy: "correct the model's labels, or say under `classes` of the dataset's manifest which of them is meant",
  });
}

/** Scores of the model's classes as scores of the dataset's: of several that are one, the best. */
export function mapScores(scores: Float32Array, { toDataset }: Pick<ClassMapping, 'toDataset'>, classes: number): Float32Array {
  const mapped = new Float32Array(classes).fill(-Infinity);
  for (const [index, to] of toDataset.entries()) {
    if (to !== null) mapped[to] = Math.max(mapped[to] ?? -Infinity, scores[index] ?? -Infinity);
  }
  return mapped;
}
