import type { Actor, Label, Pose } from './actors.ts';
import { WIDTH } from './canvas.ts';
import type { Random } from './random.ts';
import { groundRange } from './scene.ts';
import { type Site, metreAt } from './site.ts';

/** Where something is on the ground at a moment; between two of them it moves in a straight line. */
interface Waypoint {
  readonly time: number;
  readonly x: number;
  readonly y: number;
  /** Which way it looked on the way here; somebody who stops goes on looking there. */
  readonly heading: 1 | -1;
}

export type Track = readonly Waypoint[];

type Step = readonly [x: number, y: number, pause?: number];

function timed(site: Site, speed: number, start: number, steps: readonly Step[]): Track {
  const track: Waypoint[] = [];
  let time = start;
  let heading: 1 | -1 = 1;
  let previous: Step | undefined;
  for (const step of steps) {
    const [x, y, pause] = step;
    if (previous !== undefined) {
      const dx = x - previous[0];
      if (dx !== 0) heading = dx > 0 ? 1 : -1;
      // Depth is foreshortened: a pixel up the lawn is about two pixels' worth of walking.
      const dy = (y - previous[1]) * 2;
      time += Math.sqrt(dx * dx + dy * dy) / (metreAt(site, (y + previous[1]) / 2) * speed);
    }
    track.push({ time, x, y, heading });
    if (pause !== undefined && pause > 0) {
      time += pause;
      track.push({ time, x, y, heading });
    }
    previous = step;
  }
  return track;
}

/** From one side out to the other, sometimes stopping on the way. */
function crossing(site: Site, actor: Actor, y: number, random: Random): Step[] {
  const out = actor.width * metreAt(site, y) * 0.6;
  const stops = random.chance(actor.label === 'vehicle' ? 0.3 : 0.4);
  const middle: Step = [WIDTH * random.range(0.25, 0.75), y, stops ? random.range(0.8, 2.5) : 0];
  const steps: Step[] = [[-out, y], middle, [WIDTH + out, y]];
  return random.chance(0.5) ? steps : steps.toReversed();
}

/** Along the pavement, up the path to the porch, a moment at the door, and back. */
function visit(site: Site, actor: Actor, random: Random): Step[] {
  const walk = (site.streetBottom + site.walkBottom) / 2;
  const out = metreAt(site, walk) * actor.width;
  const [from, to] = random.chance(0.5) ? [-out, WIDTH + out] : [WIDTH + out, -out];
  const door: Step = [site.path.bottom + random.range(-12, 12), site.porchTop + random.range(2, 10), random.range(0.6, 2)];
  return [[from, walk], [site.path.top, walk], door, [site.path.top, walk], [random.chance(0.5) ? from : to, walk]];
}

export function createTrack(site: Site, actor: Actor, start: number, random: Random): Track {
  const [far, near] = groundRange(site, actor.label);
  if (actor.label === 'person' && random.chance(0.4)) return timed(site, actor.speed * 1.6, start, visit(site, actor, random));
  return timed(site, actor.speed, start, crossing(site, actor, random.range(far, near), random));
}

export function trackStart(track: Track): number {
  return track[0]?.time ?? 0;
}

export function trackEnd(track: Track): number {
  return track.at(-1)?.time ?? 0;
}

/** Where the actor is at `time`, or undefined before it came and after it went. */
export function poseAt(site: Site, track: Track, time: number, label: Label, dark: boolean): Pose | undefined {
  const next = track.findIndex((waypoint) => waypoint.time > time);
  const to = track[next];
  const from = track[next - 1];
  if (from === undefined || to === undefined) return undefined;
  const share = (time - from.time) / (to.time - from.time);
  const x = from.x + (to.x - from.x) * share;
  const y = from.y + (to.y - from.y) * share;
  const metre = metreAt(site, y);
  const walked = label === 'vehicle' ? 0 : ((x * 0.9 + y) / metre) * to.heading;
  return { x, y, metre, heading: to.heading, walked, dark };
}
