import type { Digest } from '#kernel';
import { WAITS, type Owner, type WaitName } from './spans.ts';
import type { IterationTimeline } from './timeline.ts';

/** How long iterations took that came to their end, in seconds; quantiles by linear interpolation. */
export type Durations = { iterations: number; median: number; p90: number; longest: number };

/** All that was spent in one wait. `whatIfHalved`: the median duration of an iteration, if this wait had taken half as long each time. */
export type WaitTotal = {
  name: WaitName;
  owner: Owner;
  seconds: number;
  /** Of all time that iterations took, gaps too. */
  share: number;
  iterations: number;
  median: number;
  whatIfHalved: number | null;
};

export type WorstWait = {
  month: string;
  name: WaitName;
  owner: Owner;
  seconds: number;
  verdict: Digest;
  head: string;
  model: string;
};

export type Clock = {
  /** Null where none has come to its end. */
  durations: Durations | null;
  work: number;
  waits: number;
  gaps: number;
  /** The longest in all first. */
  byWait: readonly WaitTotal[];
  /** The longest single wait of each month in which it ended, oldest first. */
  worst: readonly WorstWait[];
};

/** What iterations add up to. Those underway count as far as they have come, but for how long one takes from beginning to end. */
export function clockOf(timelines: readonly IterationTimeline[]): Clock {
  const ended = timelines.filter((one) => isInTheField(one));
  const total = (of: (one: IterationTimeline) => number) => timelines.reduce((sum, one) => sum + of(one), 0);
  const elapsed = total((one) => one.elapsed);
  return {
    durations: durationsOf(ended.map((one) => one.elapsed)),
    work: total((one) => one.work),
    waits: total((one) => one.waits),
    gaps: total((one) => one.gaps),
    byWait: WAITS.flatMap((name) => totalOf(name, timelines, ended, elapsed)).toSorted((a, b) => b.seconds - a.seconds),
    worst: worstOf(timelines),
  };
}

/** Where nobody watches, a release is in the field when it has landed, as far as can be told. */
export function isInTheField({ state }: IterationTimeline): boolean {
  return state === 'field-verified' || state === 'landed';
}

/** @param seconds in any order */
export function durationsOf(seconds: readonly number[]): Durations | null {
  if (seconds.length === 0) return null;
  const sorted = seconds.toSorted((a, b) => a - b);
  const at = (p: number) => quantile(sorted, p);
  return { iterations: seconds.length, median: at(0.5), p90: at(0.9), longest: at(1) };
}

function totalOf(
  name: WaitName,
  timelines: readonly IterationTimeline[],
  ended: readonly IterationTimeline[],
  elapsed: number,
): WaitTotal[] {
  const each = timelines.map((one) => ({ one, seconds: secondsIn(one, name) })).filter(({ seconds }) => seconds > 0);
  const owner = each[0]?.one.spans.find((span) => span.name === name)?.owner;
  if (owner == null) return [];
  const sorted = each.map(({ seconds }) => seconds).toSorted((a, b) => a - b);
  const seconds = sorted.reduce((sum, own) => sum + own, 0);
  const halved = durationsOf(ended.map((one) => one.elapsed - Math.floor(secondsIn(one, name) / 2)));
  return [
    {
      name,
      owner,
      seconds,
      share: elapsed === 0 ? 0 : seconds / elapsed,
      iterations: each.length,
      median: quantile(sorted, 0.5),
      whatIfHalved: halved?.median ?? null,
    },
  ];
}

function worstOf(timelines: readonly IterationTimeline[]): WorstWait[] {
  const worst = new Map<string, WorstWait>();
  for (const { spans, verdict, head, model } of timelines)
    for (const span of spans) {
      if (span.kind !== 'wait') continue;
      const month = span.to.slice(0, 7);
      if (span.seconds <= (worst.get(month)?.seconds ?? 0)) continue;
      worst.set(month, { month, name: span.name, owner: span.owner, seconds: span.seconds, verdict, head, model });
    }
  return [...worst.values()].toSorted((a, b) => (a.month < b.month ? -1 : 1));
}

function secondsIn({ spans }: IterationTimeline, name: WaitName): number {
  return spans.reduce((sum, span) => sum + (span.name === name ? span.seconds : 0), 0);
}

function quantile(sorted: readonly number[], p: number): number {
  const position = (sorted.length - 1) * p;
  const low = sorted[Math.floor(position)] ?? 0;
  return Math.round(low + ((sorted[Math.ceil(position)] ?? low) - low) * (position - Math.floor(position)));
}
