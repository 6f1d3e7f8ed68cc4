import type { DetectionDataset, TrueBox } from '#datasets';
import type { DrawnBox, Exhibit } from '../exhibit.ts';
import { ANY_SIZE } from './coco.ts';
import { compareBoxes } from './disagreement.ts';
import { isAsked } from './match-class.ts';
import type { BoxRow } from './match-picture.ts';
import { whatCounts, type DetectionTrial } from './trial.ts';

type Names = Pick<DetectionDataset, 'classes'>;

/** So many boxes of each kind are drawn: more would hide the picture. */
const MOST_DRAWN = 40;

/**
 * A picture on which a true box was lost or won, and then those on which the two releases differ most. Weighed by how many true boxes
 * changed hands, and among equals by how many boxes the other release does not have.
 */
export function detectionExhibits(
  { candidate: after, reference: before }: { candidate: DetectionTrial; reference: DetectionTrial },
  dataset: Names,
): Exhibit[] {
  const [is, was] = [whatCounts(after), whatCounts(before)];
  const [foundNow, foundBefore] = [new Set(is.right.map(({ truth }) => truth)), new Set(was.right.map(({ truth }) => truth))];
  const [lost, gained] = [[...foundBefore.difference(foundNow)], [...foundNow.difference(foundBefore)]];
  const boxes = drawn({ after, before, changed: new Set([...lost, ...gained]) }, dataset);
  const apart = boxesApart(after, before);
  const exhibit = (change: Exhibit['change'], caption: string, changed: number): Exhibit => ({
    change,
    id: after.id,
    at: null,
    caption,
    slices: after.slices,
    weight: changed + apart / (apart + 1),
    boxes,
  });
  if (lost.length > 0 || gained.length > 0) {
    const names = (truths: readonly number[]) =>
      tell(
        truths.map((at) => after.truth[at]?.class ?? -1),
        dataset,
      );
    return [
      ...(lost.length > 0 ? [exhibit('lost', `${names(lost)}: found before (dashed), missed now`, lost.length)] : []),
      ...(gained.length > 0 ? [exhibit('gained', `${names(gained)}: found now (solid), missed before`, gained.length)] : []),
    ];
  }
  const wrong = (trial: DetectionTrial, places: readonly number[]) =>
    tell(
      places.map((at) => trial.boxes[at]?.[5] ?? -1),
      dataset,
    );
  if (is.wrong.length > was.wrong.length) return [exhibit('lost', `more boxes on nothing (solid): ${wrong(after, is.wrong)}`, 0)];
  if (is.wrong.length < was.wrong.length)
    return [exhibit('gained', `fewer boxes on nothing (dashed): ${wrong(before, was.wrong)}`, 0)];
  return [];
}

/** A picture on which one of the two says what the other does not; the more boxes that are, the clearer. Needs no truth. */
export function detectionDisagreements(
  { candidate: after, reference: before }: { candidate: DetectionTrial; reference: DetectionTrial },
  dataset: Names,
): Exhibit[] {
  const { onlyOne, onlyOther } = compareBoxes(after, before);
  if (onlyOne.length + onlyOther.length === 0) return [];
  const named = ({ boxes }: DetectionTrial, places: readonly number[]) =>
    tell(
      places.map((at) => boxes[at]?.[5] ?? -1),
      dataset,
    );
  const said = [
    ...(onlyOther.length > 0 ? [`only before (dashed): ${named(before, onlyOther)}`] : []),
    ...(onlyOne.length > 0 ? [`only now (solid): ${named(after, onlyOne)}`] : []),
  ];
  const place = { id: after.id, at: null, slices: after.slices };
  const boxes = drawn({ after, before, changed: new Set() }, dataset);
  return [{ change: 'apart', ...place, caption: said.join('; '), weight: onlyOne.length + onlyOther.length, boxes }];
}

/** A picture with true boxes that nothing found, or with boxes on nothing: those are drawn, and weigh more the more of them there are. */
export function detectionMisses(trial: DetectionTrial, dataset: Names): Exhibit[] {
  if (trial.threshold === null) return [];
  const { right, wrong } = whatCounts(trial);
  const found = new Set(right.map(({ truth }) => truth));
  const missed = [...trial.truth.keys()].filter((at) => isAskedAt(trial, at) && !found.has(at));
  if (missed.length + wrong.length === 0) return [];
  const said = [
    ...(missed.length > 0
      ? [
          `missed (white): ${tell(
            missed.map((at) => trial.truth[at]?.class ?? -1),
            dataset,
          )}`,
        ]
      : []),
    ...(wrong.length > 0
      ? [
          `on nothing (blue): ${tell(
            wrong.map((at) => trial.boxes[at]?.[5] ?? -1),
            dataset,
          )}`,
        ]
      : []),
  ];
  const boxes = [
    ...missed.flatMap((at) => trial.truth.slice(at, at + 1)).map((truth) => trueBox(truth, dataset.classes)),
    ...wrong.flatMap((at) => trial.boxes.slice(at, at + 1)).map((row) => boxOf('candidate', row, dataset.classes)),
  ];
  const weight = missed.length + wrong.length / (wrong.length + 1);
  return [
    {
      change: 'lost',
      id: trial.id,
      at: null,
      caption: said.join('; '),
      slices: trial.slices,
      weight,
      boxes: boxes.slice(0, 2 * MOST_DRAWN),
    },
  ];
}

function isAskedAt({ truth }: DetectionTrial, at: number): boolean {
  const one = truth[at];
  return one !== undefined && isAsked(one, ANY_SIZE);
}

/** Such as "2 persons" without a plural that no list of names knows: person x 2. */
function tell(classes: readonly number[], { classes: names }: Names): string {
  const counts = Map.groupBy(classes, (named) => names[named] ?? String(named));
  return [...counts].map(([name, all]) => (all.length === 1 ? name : `${name} x ${all.length}`)).join(', ');
}

function boxesApart(after: DetectionTrial, before: DetectionTrial): number {
  const { onlyOne, onlyOther } = compareBoxes(after, before);
  return onlyOne.length + onlyOther.length;
}

type Changed = { after: DetectionTrial; before: DetectionTrial; changed: ReadonlySet<number> };

/** Only what differs: the true boxes that changed hands, what either release says of those, and boxes that only one of them has. */
function drawn({ after, before, changed }: Changed, { classes }: Names): DrawnBox[] {
  const finds = (trial: DetectionTrial) =>
    new Set(whatCounts(trial).right.flatMap(({ box, truth }) => (changed.has(truth) ? [box] : [])));
  const [findsNow, foundBefore] = [finds(after), finds(before)];
  const { shared, onlyOne, onlyOther } = compareBoxes(after, before);
  const telling = shared.filter(({ one, other }) => findsNow.has(one) || foundBefore.has(other));
  const rows = (trial: DetectionTrial, places: readonly number[]) => places.flatMap((at) => trial.boxes.slice(at, at + 1));
  const ofBefore = rows(before, [...telling.map(({ other }) => other), ...onlyOther]);
  const ofAfter = rows(after, [...telling.map(({ one }) => one), ...onlyOne]);
  const truth = [...changed].flatMap((at) => after.truth.slice(at, at + 1)).map((one) => trueBox(one, classes));
  return [
    ...truth.slice(0, MOST_DRAWN),
    ...ofBefore.slice(0, MOST_DRAWN).map((row) => boxOf('reference', row, classes)),
    ...ofAfter.slice(0, MOST_DRAWN).map((row) => boxOf('candidate', row, classes)),
  ];
}

function trueBox({ box: [x, y, width, height], class: named }: TrueBox, classes: readonly string[]): DrawnBox {
  return { role: 'truth', label: classes[named] ?? '', x1: x, y1: y, x2: x + width, y2: y + height };
}

function boxOf(role: DrawnBox['role'], [x1, y1, x2, y2, score, named]: BoxRow, classes: readonly string[]): DrawnBox {
  return { role, label: classes[named] ?? '', score, x1, y1, x2, y2 };
}
