/** Whose time it is: who could make it shorter. */
export type Owner = 'author' | 'reviewer' | 'machines' | 'platform' | 'field' | 'labellers';

export type WorkName = 'collect and train' | 'write' | 'check' | 'land';
export type WaitName =
  | 'waiting for footage'
  | 'labelling'
  | 'runner queue'
  | 'build'
  | 'review'
  | 'merge'
  | 'approval'
  | 'earlier wave'
  | 'reconcile'
  | 'transfer'
  | 'offline site'
  | 'site check';

/** What a stretch of time is. `gap`: it is not known what happened in it, for a stamp is missing. */
export type SpanLabel =
  | { kind: 'work'; name: WorkName; owner: Owner }
  | { kind: 'wait'; name: WaitName; owner: Owner }
  | { kind: 'gap'; name: string; owner: null };

/** A stretch of an iteration's life, in whole seconds. */
export type Span = { from: string; to: string; seconds: number } & SpanLabel;

/** A moment, and what the time before it was. */
export type Stretch = { until: string; label: SpanLabel };

const OWNERS = {
  'collect and train': 'author',
  write: 'author',
  check: 'machines',
  land: 'platform',
  'waiting for footage': 'field',
  labelling: 'labellers',
  'runner queue': 'machines',
  build: 'machines',
  review: 'reviewer',
  merge: 'author',
  approval: 'reviewer',
  'earlier wave': 'platform',
  reconcile: 'platform',
  transfer: 'field',
  'offline site': 'field',
  'site check': 'field',
} as const satisfies Record<WorkName | WaitName, Owner>;

export const WAITS: readonly WaitName[] = [
  'waiting for footage',
  'labelling',
  'runner queue',
  'build',
  'review',
  'merge',
  'approval',
  'earlier wave',
  'reconcile',
  'transfer',
  'offline site',
  'site check',
];

export function work(name: WorkName): SpanLabel {
  return { kind: 'work', name, owner: OWNERS[name] };
}

export function wait(name: WaitName): SpanLabel {
  return { kind: 'wait', name, owner: OWNERS[name] };
}

export function gap(name: string): SpanLabel {
  return { kind: 'gap', name, owner: null };
}

/**
 * One after another from a moment on, in whole seconds, so that they add up exactly. Clocks of several machines may differ: what
 * seems to be before what it follows takes no time, and neither does what ends at what is no date. Neighbours of one name are one.
 */
export function layOut(from: string, stretches: readonly Stretch[]): Span[] {
  const spans: Span[] = [];
  let begun = secondsOf(from) ?? stretches.reduce<number | null>((found, { until }) => found ?? secondsOf(until), null);
  for (const { until, label } of stretches) {
    if (begun === null) break;
    const end = Math.max(begun, secondsOf(until) ?? begun);
    const last = spans.at(-1);
    if (end === begun) continue;
    if (last !== undefined && last.kind === label.kind && last.name === label.name) {
      spans[spans.length - 1] = { ...last, to: instantOf(end), seconds: last.seconds + end - begun };
    } else spans.push({ ...label, from: instantOf(begun), to: instantOf(end), seconds: end - begun });
    begun = end;
  }
  return spans;
}

/** Whole seconds since 1970; null for what is no date. */
export function secondsOf(instant: string): number | null {
  const milliseconds = Date.parse(instant);
  return Number.isNaN(milliseconds) ? null : Math.floor(milliseconds / 1000);
}

/** From one moment to another; null where either is no date. */
export function secondsBetween(from: string, to: string): number | null {
  const [begun, ended] = [secondsOf(from), secondsOf(to)];
  return begun === null || ended === null ? null : ended - begun;
}

export function instantOf(seconds: number): string {
  return new Date(seconds * 1000).toISOString();
}
