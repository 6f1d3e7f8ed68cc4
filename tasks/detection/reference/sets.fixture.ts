import type { TrueBox } from '#datasets';
import { random, type Random } from '../../../eval/stats/rng.ts';
import type { BoxRow } from '../match-picture.ts';

/** Pictures with truth and boxes, as the reference implementations and our own are given them. */
export type BoxSet = { classes: number; pictures: readonly { truth: readonly TrueBox[]; boxes: readonly BoxRow[] }[] };

/** What makes sets hard: scores and corners that are equal, crowds, areas that are not the box's, none of a class, none at all. */
type Shape = {
  classes: number;
  pictures: number;
  mostTruth: number;
  mostBoxes: number;
  /** Steps between 0 and 1 that scores have; few make ties. */
  scores: number;
  /** Corners lie on a grid of so many pixels. */
  grid: number;
  crowd: number;
  ignore: number;
  /** How often the area is that of an outline, or just on the edge between two sizes. */
  outlined: number;
};

const [WIDTH, HEIGHT] = [640, 480];

/** Small sets, each hard in ways of its own. No function is used whose last bits differ between machines. */
export function fuzzedSet(seed: number): BoxSet {
  const next = random(seed);
  const pick = <T>(...choices: readonly T[]): T => choices[Math.floor(next() * choices.length)] as T;
  const isCrowded = next() < 0.1;
  return boxSet(
    {
      classes: pick(1, 2, 3, 8),
      pictures: isCrowded ? pick(1, 2) : pick(0, 1, 2, 5, 5, 9, 9),
      mostTruth: pick(0, 2, 4, 9, 9, 9),
      mostBoxes: isCrowded ? 260 : pick(0, 1, 5, 20, 20, 20),
      scores: pick(1, 2, 5, 50, 1e6),
      grid: pick(0.001, 1, 8, 40),
      crowd: pick(0, 0, 0.1, 0.5),
      ignore: pick(0, 0, 0.2),
      outlined: pick(0, 0, 0.5),
    },
    next,
  );
}

/** As a real detector on a real set of pictures: some truth, most boxes wrong and of low score. */
export function largeSet(pictures: number, boxes: number, classes: number, seed: number): BoxSet {
  const shape = {
    classes,
    pictures,
    mostTruth: 14,
    mostBoxes: boxes,
    scores: 1e6,
    grid: 0.001,
    crowd: 0.01,
    ignore: 0,
    outlined: 0.3,
  };
  return boxSet({ ...shape, exactly: true }, random(seed));
}

function boxSet(shape: Shape & { exactly?: true }, next: Random): BoxSet {
  const pictures = Array.from({ length: shape.pictures }, () => {
    const truth = Array.from({ length: Math.floor(next() * (shape.mostTruth + 1)) }, () => trueBox(shape, next));
    const length = shape.exactly === true ? shape.mostBoxes : Math.floor(next() * (shape.mostBoxes + 1));
    return { truth, boxes: Array.from({ length }, (_, at) => foundBox(shape, truth[at], truth, next)) };
  });
  return { classes: shape.classes, pictures };
}

function trueBox(shape: Shape, next: Random): TrueBox {
  const [x, y] = [onGrid(next() * WIDTH * 0.9, shape), onGrid(next() * HEIGHT * 0.9, shape)];
  const [width, height] = [onGrid(size(next) * WIDTH, shape), onGrid(size(next) * HEIGHT, shape)];
  const edge = next() < 0.3 ? (next() < 0.5 ? 1024 : 9216) : width * height * (0.5 + next() / 2);
  return {
    class: Math.floor(next() * shape.classes),
    box: [x, y, width, height],
    area: next() < shape.outlined ? edge : width * height,
    crowd: next() < shape.crowd,
    ignore: next() < shape.ignore,
  };
}

/** Mostly near a true box, each of which is tried once before any is tried again. */
function foundBox(shape: Shape, own: TrueBox | undefined, truth: readonly TrueBox[], next: Random): BoxRow {
  const near = own ?? (next() < 0.3 ? truth[Math.floor(next() * truth.length)] : undefined);
  const isNear = near !== undefined && next() < 0.9;
  const [x, y, width, height] = isNear ? near.box : [next() * WIDTH, next() * HEIGHT, size(next) * WIDTH, size(next) * HEIGHT];
  const slip = isNear ? next() * 0.2 : 0;
  const moved = (from: number, by: number) => Math.fround(onGrid(from + (next() - 0.5) * slip * by, shape));
  const [x1, y1] = [moved(x, width), moved(y, height)];
  const [x2, y2] = [Math.max(x1, moved(x + width, width)), Math.max(y1, moved(y + height, height))];
  const sure = isNear && own !== undefined ? 0.3 + 0.7 * next() : next() * next();
  const named = isNear && next() < 0.95 ? near.class : Math.floor(next() * shape.classes);
  return [x1, y1, x2, y2, Math.fround(Math.round(sure * shape.scores) / shape.scores), named];
}

/** A share of the picture, mostly small. */
function size(next: Random): number {
  const share = next();
  return 0.01 + share * share * 0.5;
}

function onGrid(value: number, { grid }: Shape): number {
  return Math.round(value / grid) * grid;
}
