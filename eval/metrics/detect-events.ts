import type { EventRule } from '#datasets';
import type { Detection } from '../trial.ts';

/** Scores of one looked-at frame, one per class; `timestamp` in seconds. */
export type ScoredFrame = { timestamp: number; scores: Float32Array };

/**
 * Turns frame scores into events, label by label: a frame is on when the sum of its label's class scores reaches the
 * threshold; so many on-frames in a row as `persistence` says open an event; events no further apart than `mergeGap` are one.
 * An event lasts from its first on-frame to one frame period after its last; `alarm` is when the opening frame was seen.
 */
export function detectEvents(frames: readonly ScoredFrame[], threshold: number, rule: EventRule): Detection[] {
  return Object.entries(rule.labels)
    .flatMap(([label, classes]) => detectLabel(label, classes, frames, threshold, rule))
    .toSorted((a, b) => a.start - b.start || (a.label < b.label ? -1 : 1));
}

function detectLabel(
  label: string,
  classes: readonly number[],
  frames: readonly ScoredFrame[],
  threshold: number,
  { persistence, mergeGap, framesPerSecond }: EventRule,
): Detection[] {
  const scores = frames.map((frame) => sumOf(frame.scores, classes));
  const at = (frame: number) => frames[frame]?.timestamp ?? 0;
  const runs = runsOf(scores, threshold)
    .filter(({ from, to }) => to - from >= persistence)
    .map(({ from, to }) => ({
      label,
      start: at(from),
      end: at(to - 1) + 1 / framesPerSecond,
      alarm: at(from + persistence - 1),
      peak: Math.max(...scores.slice(from, to)),
    }));
  return merge(runs, mergeGap);
}

/** Half-open ranges of frames in a row at or above the threshold. */
function runsOf(scores: readonly number[], threshold: number): { from: number; to: number }[] {
  const runs: { from: number; to: number }[] = [];
  for (const [index, score] of scores.entries()) {
    const last = runs.at(-1);
    if (!(score >= threshold)) continue;
    if (last?.to === index) last.to = index + 1;
    else runs.push({ from: index, to: index + 1 });
  }
  return runs;
}

function sumOf(scores: Float32Array, classes: readonly number[]): number {
  return classes.reduce((sum, index) => sum + (scores[index] ?? 0), 0);
}

function merge(runs: readonly Detection[], gap: number): Detection[] {
  const merged: Detection[] = [];
  for (const next of runs) {
    const last = merged.at(-1);
    if (last !== undefined && next.start - last.end <= gap) {
      merged[merged.length - 1] = { ...last, end: next.end, peak: Math.max(last.peak, next.peak) };
    } else merged.push(next);
  }
  return merged;
}
