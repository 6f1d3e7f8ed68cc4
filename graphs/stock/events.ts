import type { EventRule } from '#datasets';
import { boxesOf, type Box } from '../boxes.ts';
import type { MessageOf } from '../message.ts';
import { PerCamera, type Made, type StageProgram } from '../stage-program.ts';

/** How boxes become events: as the footage's rule says, with classes by their names. */
export type StreamedRule = Pick<EventRule, 'framesPerSecond' | 'persistence' | 'mergeGap'> & {
  /** Label -> names of its classes. */
  labels: Readonly<Record<string, readonly string[]>>;
  threshold: number;
  /** Smaller boxes are not looked at: a share of the frame. */
  minimumArea: number;
};

/** Milliseconds: timestamps are sums of frame periods. */
const ROUNDING = 1e-3;
/** Frames further apart than this many periods had another one between them, which nobody answered. */
const NEIGHBOURS = 1.5;

type Run = { start: number; last: number; frames: number; peak: number; told: boolean };
type Heard = { run: Run | null; toldUntil: number };

/**
 * As detectEvents of the task, told at the moment of the alarm. So many answered frames in a row at or above the threshold as
 * persistence asks for are an event; a frame that was dropped is one in which nothing was seen, and ends the row. What follows an
 * event within the merge gap is the same one.
 */
export function eventsStage(rule: StreamedRule): StageProgram {
  const cameras = new PerCamera(() => new Map<string, Heard>());
  return {
    take(message) {
      if (message.kind !== 'detections') return [];
      const heard = cameras.of(message);
      const scores = bestScores(message, rule);
      return [...scores].flatMap(([label, score]) => {
        const before = heard.get(label) ?? { run: null, toldUntil: Number.NEGATIVE_INFINITY };
        const { state, event } = hear(before, message.capturedAt, score, rule);
        heard.set(label, state);
        return event === null ? [] : [asMessage(label, event)];
      });
    },
  };
}

function bestScores(message: MessageOf<'detections'>, { labels, minimumArea }: StreamedRule): ReadonlyMap<string, number> {
  const { width, height } = message.about;
  const boxes = boxesOf(message).filter((box) => areaInside(box, width, height) >= minimumArea * width * height);
  const best = (classes: readonly string[]) =>
    boxes.reduce((most, box) => (classes.includes(box.class) ? Math.max(most, box.score) : most), 0);
  return new Map(Object.entries(labels).map(([label, classes]) => [label, best(classes)]));
}

/** What sticks out of the frame is no part of a box. */
function areaInside({ x1, y1, x2, y2 }: Box, width: number, height: number): number {
  const within = (value: number, most: number) => Math.min(Math.max(value, 0), most);
  return (within(x2, width) - within(x1, width)) * (within(y2, height) - within(y1, height));
}

type Told = { start: number; alarm: number; end: number; peak: number };

function hear(before: Heard, at: number, score: number, rule: StreamedRule): { state: Heard; event: Told | null } {
  const period = 1000 / rule.framesPerSecond;
  const isNext = before.run !== null && at - before.run.last <= NEIGHBOURS * period;
  if (score < rule.threshold) return { state: { ...before, run: null }, event: null };
  const run: Run =
    isNext && before.run !== null
      ? { ...before.run, last: at, frames: before.run.frames + 1, peak: Math.max(before.run.peak, score) }
      : { start: at, last: at, frames: 1, peak: score, told: false };
  if (run.frames < rule.persistence) return { state: { ...before, run }, event: null };
  const end = at + period;
  const isSame = run.told || run.start - before.toldUntil <= rule.mergeGap * 1000 + ROUNDING;
  const state = { run: { ...run, told: true }, toldUntil: end };
  return { state, event: isSame ? null : { start: run.start, alarm: at, end, peak: run.peak } };
}

function asMessage(label: string, event: Told): Extract<Made, { kind: 'event' }> {
  return { kind: 'event', promised: true, about: { label, ...event, subject: null }, body: new Uint8Array() };
}
