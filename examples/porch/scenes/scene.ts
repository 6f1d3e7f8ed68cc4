import type { Actor, Label, Pose } from './actors.ts';
import { drawBackground, drawForeground } from './background.ts';
import { type Bait, BAITS, createBait } from './bait.ts';
import { type Conditions, createCamera } from './camera.ts';
import { type Canvas, HEIGHT, WIDTH, createCanvas } from './canvas.ts';
import { createActor } from './cast.ts';
import type { Random } from './random.ts';
import { type Site, metreAt } from './site.ts';

export interface Standing {
  readonly actor: Actor;
  readonly pose: Pose;
}

/** Where something of this kind may stand: vehicles keep to the street, parcels to the porch. */
export function groundRange(site: Site, kind: Label | Bait): readonly [number, number] {
  if (kind === 'vehicle' || kind === 'tarpaulin') return [site.streetTop + 6, site.streetBottom - 0.5];
  if (kind === 'parcel' || kind === 'crate' || kind === 'can') return [site.porchTop - 4, HEIGHT - 3];
  if (kind === 'animal' || kind === 'goose') return [site.walkBottom + 8, HEIGHT - 5];
  return [site.streetBottom + 4, site.porchTop + 14];
}

/** The share of an actor's box that is inside the frame. */
export function visibleShare(actor: Actor, pose: Pose): number {
  const half = (actor.width * pose.metre) / 2;
  const tall = actor.height * pose.metre;
  const across = Math.min(WIDTH, pose.x + half) - Math.max(0, pose.x - half);
  const up = Math.min(HEIGHT, pose.y) - Math.max(0, pose.y - tall);
  return (Math.max(0, across) * Math.max(0, up)) / (2 * half * tall);
}

export function placeStanding(site: Site, actor: Actor, kind: Label | Bait, random: Random, dark: boolean): Standing {
  const [near, far] = groundRange(site, kind);
  const y = random.range(near, far);
  const metre = metreAt(site, y);
  const half = (actor.width * metre) / 2;
  const edge = half * 0.5;
  const pose: Pose = {
    x: random.range(edge, WIDTH - edge),
    y,
    metre,
    heading: random.chance(0.5) ? 1 : -1,
    walked: random.range(0, 4),
    dark,
  };
  return { actor, pose };
}

/** Farther things first, so that nearer ones hide them. */
export function drawStandings(canvas: Canvas, standings: readonly Standing[]): void {
  const sorted = standings.toSorted((first, second) => first.pose.y - second.pose.y);
  for (const { actor, pose } of sorted) actor.draw(canvas, pose);
}

/** One still picture of a class at a site: the bench's photographs, and stills to train on. */
export function renderStill(site: Site, label: Label, conditions: Conditions, random: Random): Uint8Array {
  const canvas = createCanvas();
  const dark = conditions.light !== 'day';
  drawBackground(canvas, site);
  const standings: Standing[] = [];
  if (random.chance(0.6)) {
    const bait = random.pick(BAITS);
    standings.push(placeStanding(site, createBait(bait, random), bait, random, dark));
  }
  if (label !== 'nothing') standings.push(placeStanding(site, createActor(label, random), label, random, dark));
  drawStandings(canvas, standings);
  drawForeground(canvas, site, 0, random.range(0, 9));
  return createCamera(site, conditions, random).develop(canvas, random);
}
