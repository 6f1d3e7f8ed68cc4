import { prepareAveragePrecision } from '../../tasks/detection/average-precision.ts';
import { matchPicture } from '../../tasks/detection/match-picture.ts';
import type { BoxSet } from '../../tasks/detection/reference/sets.fixture.ts';
import { PRECISIONS } from '../../tasks/detection/twelve-numbers.ts';
import type { Pooled } from './pooled.ts';
import { drawSize, type Sizes } from './simulated-scenes.fixture.ts';
import { random, type Random } from './rng.ts';

/** Pictures in scenes, through two detectors, of which one is nearly blind in some scenes. Of one class. */
export type BoxWorld = {
  scenes: number;
  /** Pictures in a scene. */
  sizes: Sizes;
  /** The share of scenes in which the candidate finds nearly nothing. */
  lost: number;
  /** How much the scores of either detector differ beside that, in standard deviations of a score. */
  apart: number;
};

export type BoxPair = { reference: BoxSet; candidate: BoxSet; scenes: number[][] };

const FOUND = 0.85;
const WRONG_PER_PICTURE = 0.7;

export function simulateBoxes({ scenes, sizes, lost, apart }: BoxWorld, loses: boolean, next: Random): BoxPair {
  const normal = () => Math.sqrt(-2 * Math.log(1 - next())) * Math.cos(2 * Math.PI * next());
  const [reference, candidate, members]: [BoxSet['pictures'][number][], BoxSet['pictures'][number][], number[][]] = [[], [], []];
  for (let scene = 0; scene < scenes; scene += 1) {
    const isLost = next() < (loses ? lost : 0);
    const own: number[] = [];
    for (let left = drawSize(sizes, next); left > 0; left -= 1) {
      own.push(reference.length);
      const truth = Array.from({ length: 1 + Math.floor(next() * 3) }, (_, at) => trueBox(at));
      const seen = truth.map((_, at) => ({ at, ease: normal() })).filter(() => next() < FOUND);
      const wrong = Array.from({ length: poisson(WRONG_PER_PICTURE, next) }, (_, at) => ({ at: 10 + at, ease: normal() - 1.5 }));
      const boxes = (blind: boolean) =>
        [...(blind ? seen.filter(() => next() < 0.05) : seen), ...wrong].map(({ at, ease }) =>
          found(at, ease + apart * normal()),
        );
      reference.push({ truth, boxes: boxes(false) });
      candidate.push({ truth, boxes: boxes(isLost) });
    }
    members.push(own);
  }
  return { reference: { classes: 1, pictures: reference }, candidate: { classes: 1, pictures: candidate }, scenes: members };
}

const trueBox = (at: number) => ({ class: 0, box: [at * 40, 10, 30, 30] as const, area: 900, crowd: false, ignore: false });

function found(at: number, ease: number): BoxSet['pictures'][number]['boxes'][number] {
  const score = 1 / (1 + Math.exp(-ease));
  return [at * 40, 10, at * 40 + 30, 40, score, 0];
}

function poisson(mean: number, next: Random): number {
  let count = 0;
  for (let product = next(); product > Math.exp(-mean); product *= next()) count += 1;
  return count;
}

/** AP50 of a detector, for any weights of its pictures. */
const prepared = ({ pictures }: BoxSet) =>
  prepareAveragePrecision(
    pictures.map(({ truth, boxes }) => ({ truth, matches: matchPicture(truth, boxes) })),
    PRECISIONS.ap50,
  );

export function pooledOf({ candidate, reference, scenes }: BoxPair): Pooled {
  const [after, before] = [prepared(candidate), prepared(reference)];
  const statistic = (weights: Float64Array) => (after.value(weights) ?? Number.NaN) - (before.value(weights) ?? Number.NaN);
  return { statistic, clusters: scenes, unit: 'scenes', support: reference.pictures.length, counted: 'pictures with a true box' };
}

/** The true loss of AP50, by one world of many scenes. */
export function lossInBoxes(world: BoxWorld, scenes: number): number {
  const { candidate, reference } = simulateBoxes({ ...world, scenes }, true, random(99));
  const once = new Float64Array(reference.pictures.length).fill(1);
  return (prepared(reference).value(once) ?? 0) - (prepared(candidate).value(once) ?? 0);
}
