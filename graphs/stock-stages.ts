import type { MessageKind } from './message.ts';

/** What a stage takes and gives. `all`: it needs one of each kind; else any of them will do. */
export type Ports = { takes: readonly MessageKind[]; all: boolean; gives: MessageKind };

/** The stages that come with Fieldproof, each with what it is told. Durations in milliseconds, shares from 0 to 1. */
export type StockSettings =
  /** Reads cameras, and gives every frame as pixels. */
  | { stock: 'decode' }
  /** Lets so many frames a second through, at even distances. */
  | { stock: 'sample'; framesPerSecond: number }
  /** Lets frames through in which at least this share of the picture changes, and those of a while after. */
  | { stock: 'motion'; area: number; hold: number }
  /** Cuts out of a frame what a detector found in it. */
  | { stock: 'crop'; classes: readonly string[]; score: number; most: number }
  /** Makes events of detections, by the rule of the footage. `threshold`: null is the detector's own. */
  | { stock: 'events'; threshold: number | null }
  /** Knows who was seen before: an event for each of them that comes. */
  | { stock: 'index'; label: string; similarity: number; again: number; most: number }
  /** Draws boxes into the frames that they are of. */
  | { stock: 'draw' };

export type StockName = StockSettings['stock'];

export const STOCK: Readonly<Record<StockName, Ports>> = {
  decode: { takes: [], all: true, gives: 'frame' },
  sample: { takes: ['frame'], all: true, gives: 'frame' },
  motion: { takes: ['frame'], all: true, gives: 'frame' },
  crop: { takes: ['frame', 'detections'], all: true, gives: 'crop' },
  events: { takes: ['detections'], all: true, gives: 'event' },
  index: { takes: ['embedding'], all: true, gives: 'event' },
  draw: { takes: ['frame', 'detections'], all: true, gives: 'frame' },
};
