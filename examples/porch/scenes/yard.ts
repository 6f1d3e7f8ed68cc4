import { LABELS, type Label } from './actors.ts';
import { drawBackground, drawForeground } from './background.ts';
import { BAITS, DARK_BAITS, createBait } from './bait.ts';
import { type Conditions, LIGHTS, createCamera } from './camera.ts';
import { HEIGHT, WIDTH, createCanvas } from './canvas.ts';
import { createActor } from './cast.ts';
import { createRandom, hashSeed } from './random.ts';
import { type Standing, drawStandings, placeStanding } from './scene.ts';
import { STREET_SITES, randomSite, type Site } from './site.ts';

/** What a detector of the porch names, in the order of its scores. */
export const KINDS = LABELS.filter((label) => label !== 'nothing');
export type Kind = Exclude<Label, 'nothing'>;

/** Left, top, width and height in pixels. */
export type Box = readonly [x: number, y: number, width: number, height: number];
export type YardBox = { readonly kind: Kind; readonly box: Box; readonly ignore: boolean };
export type Yard = {
  readonly pixels: Uint8Array;
  readonly boxes: readonly YardBox[];
  readonly conditions: Conditions;
  readonly site: Site;
};

/** Less than this of it in the picture, and nobody would mark it. */
const MARKED = 0.25;
/** Hidden more than this by what stands before it: too hard to be asked for. */
const HIDDEN = 0.6;

/** A still of a yard in which several things stand, with the box of each. */
export function renderYard(purpose: string, seed: number, index: number): Yard {
  const random = createRandom(hashSeed(purpose, seed, index));
  const site = STREET_SITES[index % (2 * STREET_SITES.length)] ?? randomSite(hashSeed(purpose, 'site', seed, index));
  const conditions: Conditions = { light: random.pick(LIGHTS), weather: random.chance(0.25) ? 'rain' : 'clear' };
  const dark = conditions.light !== 'day';
  const subjects = Array.from({ length: random.pick([0, 1, 1, 2, 2, 3]) }, () => {
    const kind = random.pick(KINDS);
    return { kind, ...placeStanding(site, createActor(kind, random), kind, random, dark) };
  });
  const baits = Array.from({ length: random.int(0, 2) }, () => {
    const bait = random.pick(dark ? DARK_BAITS : BAITS);
    return placeStanding(site, createBait(bait, random), bait, random, dark);
  });
  const canvas = createCanvas();
  drawBackground(canvas, site);
  drawStandings(canvas, [...subjects, ...baits]);
  drawForeground(canvas, site, 0, random.range(0, 9));
  const pixels = createCamera(site, conditions, random).develop(canvas, random);
  return { pixels, conditions, site, boxes: boxesOf(subjects, [...subjects, ...baits]) };
}

function boxesOf(subjects: readonly (Standing & { kind: Kind })[], all: readonly Standing[]): YardBox[] {
  return subjects.flatMap((subject) => {
    const whole = outlineOf(subject);
    const box = clip(whole);
    if (areaOf(box) < MARKED * areaOf(whole)) return [];
    const before = all.filter((other) => other !== subject && other.pose.y > subject.pose.y);
    const hidden = Math.max(0, ...before.map((other) => areaOf(overlap(box, outlineOf(other))) / areaOf(box)));
    return [{ kind: subject.kind, box, ignore: hidden > HIDDEN }];
  });
}

export function outlineOf({ actor, pose }: Standing): Box {
  const [width, height] = [actor.width * pose.metre, actor.height * pose.metre];
  return [pose.x - width / 2, pose.y - height, width, height];
}

export function clip([x, y, width, height]: Box): Box {
  return overlap([x, y, width, height], [0, 0, WIDTH, HEIGHT]);
}

function overlap(a: Box, b: Box): Box {
  const [left, top] = [Math.max(a[0], b[0]), Math.max(a[1], b[1])];
  const [right, bottom] = [Math.min(a[0] + a[2], b[0] + b[2]), Math.min(a[1] + a[3], b[1] + b[3])];
  return [left, top, Math.max(0, right - left), Math.max(0, bottom - top)];
}

function areaOf([, , width, height]: Box): number {
  return width * height;
}
