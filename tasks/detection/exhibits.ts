import type { DetectionDataset } from '#datasets';
import type { DrawnBox, Exhibit } from '../exhibit.ts';
import { disagreementOf } from './disagreement.ts';
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
  const apart = disagreementOf(after, before);
  const exhibit = (change: Exhibit['change'], caption: string, changed: number): Exhibit => ({
    change,
    id: after.id,
    at: null,
    caption,
    slices: after.slices,
    weight: changed + apart / (apart + 1),
    boxes: drawn(after, before, dataset),
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
  const wrong = (trial: DetectionTrial, boxes: readonly number[]) =>
    tell(
      boxes.map((at) => trial.boxes[at]?.[5] ?? -1),
      dataset,
    );
  if (is.wrong.length > was.wrong.length) return [exhibit('lost', `more boxes on nothing (solid): ${wrong(after, is.wrong)}`, 0)];
  if (is.wrong.length < was.wrong.length)
    return [exhibit('gained', `fewer boxes on nothing (dashed): ${wrong(before, was.wrong)}`, 0)];
  return [];
}

/** Such as "2 persons" without a plural that no list of names knows: person x 2. */
function tell(classes: readonly number[], { classes: names }: Names): string {
  const counts = Map.groupBy(classes, (named) => names[named] ?? String(named));
  return [...counts].map(([name, all]) => (all.length === 1 ? name : `${name} x ${all.length}`)).join(', ');
}

function drawn(after: DetectionTrial, before: DetectionTrial, { classes }: Names): DrawnBox[] {
  const truth = after.truth.map(({ box: [x, y, width, height], class: named }): DrawnBox => {
    return { role: 'truth', label: classes[named] ?? '', x1: x, y1: y, x2: x + width, y2: y + height };
  });
  return [
    ...truth.slice(0, MOST_DRAWN),
    ...counting(before)
      .slice(0, MOST_DRAWN)
      .map((row) => boxOf('reference', row, classes)),
    ...counting(after)
      .slice(0, MOST_DRAWN)
      .map((row) => boxOf('candidate', row, classes)),
  ];
}

function counting({ boxes, threshold }: DetectionTrial): BoxRow[] {
  return threshold === null ? [] : boxes.filter(([, , , , score]) => score >= threshold);
}

function boxOf(role: DrawnBox['role'], [x1, y1, x2, y2, , named]: BoxRow, classes: readonly string[]): DrawnBox {
  return { role, label: classes[named] ?? '', x1, y1, x2, y2 };
}
