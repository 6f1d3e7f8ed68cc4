import type { Label } from './actors.ts';
import { drawBackground, drawForeground } from './background.ts';
import { createCamera } from './camera.ts';
import { type Canvas, createCanvas, ellipse } from './canvas.ts';
import { createRandom, hashSeed } from './random.ts';
import { type Standing, drawStandings, visibleShare } from './scene.ts';
import { type Script, writeScript } from './script.ts';
import type { Site } from './site.ts';
import { poseAt } from './tracks.ts';

export const FRAMES_PER_SECOND = 5;

export interface ClipEvent {
  readonly label: Label;
  readonly start: number;
  readonly end: number;
}

export interface Clip {
  readonly site: Site;
  readonly script: Script;
  readonly frameCount: number;
  readonly events: readonly ClipEvent[];
  /** The right answer for a frame. */
  truth(frame: number): Label;
  frames(): Generator<Uint8Array>;
}

export function createClip(site: Site, seed: number): Clip {
  const script = writeScript(site, createRandom(hashSeed(seed, 'script')));
  const frameCount = script.seconds * FRAMES_PER_SECOND;
  return {
    site,
    script,
    frameCount,
    events: findEvents(site, script, frameCount),
    truth: (frame) => frameTruth(site, script, frame / FRAMES_PER_SECOND),
    frames: () => renderFrames(site, script, frameCount, seed),
  };
}

function standingsAt(site: Site, script: Script, time: number): Standing[] {
  const dark = script.conditions.light !== 'day';
  const standings: Standing[] = script.deliveries.filter((delivery) => time >= delivery.from);
  for (const { actor, track } of script.roles) {
    const pose = poseAt(site, track, time, actor.label, dark);
    if (pose !== undefined) standings.push({ actor, pose });
  }
  return standings;
}

/** Events are as a person would mark them: from the first to the last frame with at least half of it in the picture. */
function findEvents(site: Site, script: Script, frameCount: number): ClipEvent[] {
  const spans = new Map<object, { label: Label; start: number; end: number }>();
  for (let frame = 0; frame < frameCount; frame++) {
    const time = frame / FRAMES_PER_SECOND;
    for (const { actor, pose } of standingsAt(site, script, time)) {
      if (visibleShare(actor, pose) < 0.5) continue;
      const span = spans.get(actor);
      if (span === undefined) spans.set(actor, { label: actor.label, start: time, end: time });
      else span.end = time;
    }
  }
  return [...spans.values()].toSorted((first, second) => first.start - second.start);
}

/** Below this share of it in the picture, an actor is not there yet: nobody could tell what it is. */
const RECOGNISABLE = 0.15;

function frameTruth(site: Site, script: Script, time: number): Label {
  let label: Label = 'nothing';
  for (const { actor, pose } of standingsAt(site, script, time)) {
    if (visibleShare(actor, pose) < RECOGNISABLE) continue;
    // Whoever moves is the news; a parcel is when nobody stands before it.
    if (label === 'nothing' || label === 'parcel') label = actor.label;
  }
  return label;
}

function drawSweep(canvas: Canvas, script: Script, time: number): void {
  const { sweep, conditions } = script;
  if (sweep === undefined || time < sweep.start) return;
  const x = -30 + (time - sweep.start) * sweep.speed;
  const night = conditions.light === 'night';
  ellipse(canvas, [x, sweep.y], night ? [16, 9] : [26, 10], {
    colour: night ? [255, 255, 255] : [20, 24, 30],
    alpha: night ? 0.5 : 0.35,
  });
}

function drawMoment(canvas: Canvas, site: Site, script: Script, time: number): void {
  drawSweep(canvas, script, time);
  drawStandings(canvas, [...script.baits, ...standingsAt(site, script, time)]);
  drawForeground(canvas, site, script.wind, time);
}

function* renderFrames(site: Site, script: Script, frameCount: number, seed: number): Generator<Uint8Array> {
  const still = createCanvas();
  drawBackground(still, site);
  const camera = createCamera(site, script.conditions, createRandom(hashSeed(seed, 'camera')));
  const noise = createRandom(hashSeed(seed, 'noise'));
  const moments = Array.from({ length: camera.exposures }, () => createCanvas());
  for (let frame = 0; frame < frameCount; frame++) {
    for (const [index, canvas] of moments.entries()) {
      canvas.pixels.set(still.pixels);
      drawMoment(canvas, site, script, frame / FRAMES_PER_SECOND + (camera.shutter * index) / moments.length);
    }
    yield camera.develop(average(moments), noise);
  }
}

/** What the open shutter saw, gathered in the first canvas: motion blur. */
function average(moments: readonly Canvas[]): Canvas {
  const [first, second] = moments;
  if (first === undefined) throw new Error('a frame needs at least one exposure');
  if (second === undefined) return first;
  const sum = first.pixels;
  const other = second.pixels;
  for (let at = 0; at < sum.length; at++) sum[at] = ((sum[at] ?? 0) + (other[at] ?? 0)) / 2;
  return first;
}
