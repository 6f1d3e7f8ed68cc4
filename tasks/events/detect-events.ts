import type { EventRule } from '#datasets';
import type { Reading } from '../task.ts';
import type { Detection } from './answer.ts';

/** Seconds: timestamps are sums of frame periods, which binary fractions miss by a hair. */
const ROUNDING = 1e-9;

/** Of one label. */
type Level = { timestamp: number; score: number };

/**
 * What a model's scores say happened in a clip. So many frames in a row at or above the threshold as persistence asks for open an
 * event of a label, which lasts until one frame period after the last of them.
 * Then events of one label no further apart than the merge gap become one, which keeps the first alarm.
 * @param frames in order of time
 * @returns ordered by start, then by label
 * @throws RangeError when a score is NaN
 */
export function detectEvents(frames: readonly Reading[], rule: EventRule, threshold: number): Detection[] {
  const detections = Object.keys(rule.labels).flatMap((label) => {
    const readings = frames.map((frame) => ({ timestamp: frame.timestamp, score: scoreOf(frame, label) }));
    return merge(runsOf(readings, label, rule, threshold), rule.mergeGap);
  });
  return detections.toSorted((a, b) => a.start - b.start || (a.label < b.label ? -1 : 1));
}

function scoreOf({ timestamp, scores }: Reading, label: string): number {
  const score = scores[label] ?? Number.NaN;
  if (Number.isNaN(score)) throw new RangeError(`at ${timestamp.toFixed(3)} s the score of ${label} is NaN or missing`);
  return score;
}

function runsOf(readings: readonly Level[], label: string, rule: EventRule, threshold: number): Detection[] {
  const found: Detection[] = [];
  let run: Level[] = [];
  const close = () => {
    const [first, last, alarm] = [run[0], run.at(-1), run[rule.persistence - 1]];
    if (first !== undefined && last !== undefined && alarm !== undefined) {
      const end = last.timestamp + 1 / rule.framesPerSecond;
      const peak = run.reduce((highest, { score }) => Math.max(highest, score), first.score);
      found.push({ label, start: first.timestamp, end, alarm: alarm.timestamp, peak });
    }
    run = [];
  };
  for (const reading of readings) {
    if (reading.score >= threshold) run.push(reading);
    else close();
  }
  close();
  return found;
}

function merge(runs: readonly Detection[], gap: number): Detection[] {
  return runs.reduce<Detection[]>((merged, run) => {
    const last = merged.at(-1);
    if (last === undefined || run.start - last.end > gap + ROUNDING) merged.push(run);
    else merged[merged.length - 1] = { ...last, end: run.end, peak: Math.max(last.peak, run.peak) };
    return merged;
  }, []);
}
