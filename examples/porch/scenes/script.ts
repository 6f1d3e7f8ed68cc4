import type { Actor, Label } from './actors.ts';
import { BAITS, DARK_BAITS, createBait } from './bait.ts';
import type { Conditions } from './camera.ts';
import { createActor } from './cast.ts';
import type { Random } from './random.ts';
import { type Standing, placeStanding } from './scene.ts';
import type { Site } from './site.ts';
import { type Track, createTrack, trackEnd, trackStart } from './tracks.ts';

export interface Role {
  readonly actor: Actor;
  readonly track: Track;
}

/** A parcel that a courier leaves: there from `from` to the end of the clip. */
export interface Delivery extends Standing {
  readonly from: number;
}

/** What happens in a clip, before any picture is drawn. */
export interface Script {
  readonly conditions: Conditions;
  readonly seconds: number;
  readonly roles: readonly Role[];
  readonly deliveries: readonly Delivery[];
  readonly baits: readonly Standing[];
  /** How far bushes swing, in pixels. */
  readonly wind: number;
  /** False-alarm bait without a body: a cloud's shadow by day, a passing car's beam at night. */
  readonly sweep: { readonly start: number; readonly speed: number; readonly y: number } | undefined;
}

const GAP = 2.6;

function drawConditions(random: Random): Conditions {
  const draw = random.next();
  const light = draw < 0.4 ? 'day' : draw < 0.65 ? 'dusk' : 'night';
  return { light, weather: random.chance(0.35) ? 'rain' : 'clear' };
}

function drawLabel(random: Random): Exclude<Label, 'nothing'> {
  const draw = random.next();
  return draw < 0.28 ? 'person' : draw < 0.56 ? 'vehicle' : draw < 0.84 ? 'animal' : 'parcel';
}

export function writeScript(site: Site, random: Random): Script {
  const conditions = drawConditions(random);
  const dark = conditions.light !== 'day';
  const seconds = random.int(13, 18);
  const roles: Role[] = [];
  const deliveries: Delivery[] = [];
  let cursor = random.range(0.6, 2.2);
  const most = random.chance(0.88) ? 3 : 0;
  while (cursor < seconds - 4 && roles.length < most) {
    const label = drawLabel(random);
    const actor = createActor(label === 'parcel' ? 'person' : label, random);
    const track = createTrack(site, actor, cursor, random);
    cursor = trackEnd(track) + GAP;
    if (cursor - GAP > seconds - 0.4) break;
    roles.push({ actor, track });
    // The courier's parcel is the last thing to happen: it lies there until the clip ends.
    if (label === 'parcel' && cursor - GAP < seconds - 2) {
      const parcel = placeStanding(site, createActor('parcel', random), 'parcel', random, dark);
      deliveries.push({ ...parcel, from: (trackStart(track) + trackEnd(track)) / 2 });
      break;
    }
  }
  return { conditions, seconds, roles, deliveries, ...drawBaits(site, random, seconds, dark) };
}

function drawBaits(site: Site, random: Random, seconds: number, dark: boolean): Pick<Script, 'baits' | 'wind' | 'sweep'> {
  const baits: Standing[] = [];
  for (let count = random.int(0, 2); count > 0; count--) {
    const kind = random.pick(dark ? DARK_BAITS : BAITS);
    baits.push(placeStanding(site, createBait(kind, random), kind, random, dark));
  }
  const sweep = random.chance(0.35)
    ? { start: random.range(0, seconds - 3), speed: random.range(30, 90), y: random.range(site.walkBottom, site.porchTop) }
    : undefined;
  return { baits, wind: random.chance(0.4) ? random.range(0.8, 2.2) : 0.2, sweep };
}
