import { weightedRecall } from './sampling.ts';
import type { NightRecall } from '../sequential/recall-watch.ts';
import type { NightValues } from '../sequential/shift-watch.ts';

/** What is followed at each site without labels. */
export const SHIFT_SIGNALS = ['event-rate', 'scores', 'disagreement'] as const;
export type ShiftSignal = (typeof SHIFT_SIGNALS)[number];

/** Names of each signal's statistics, in their order, as people read them. */
export const STATISTICS: Readonly<Record<ShiftSignal, readonly string[]>> = {
  'event-rate': ['events per hour'],
  scores: ['mean top score', 'mean distance from the threshold'],
  disagreement: ['disagreement with the candidate'],
};

/** One clip of a night, reduced to what the signals need. `disagreement`: null without a candidate. */
export type ClipOfNight = {
  conditions: Readonly<Record<string, string>>;
  seconds: number;
  events: number;
  top: number;
  margin: number;
  disagreement: number | null;
};

/**
 * The night's value of every statistic of a signal, for the whole and for each condition. One number a night and no more, for
 * clips of one night share its weather. Empty where there is nothing to say.
 */
export function nightValues(signal: ShiftSignal, clips: readonly ClipOfNight[]): NightValues {
  const values = new Map<string, readonly number[]>();
  for (const [slice, members] of slicesOfNight(clips)) {
    const statistics = statisticsOf(signal, members);
    if (statistics !== null) values.set(slice, statistics);
  }
  return values;
}

function statisticsOf(signal: ShiftSignal, clips: readonly ClipOfNight[]): number[] | null {
  switch (signal) {
    case 'event-rate': {
      const hours = sum(clips, ({ seconds }) => seconds) / 3600;
      return hours > 0 ? [sum(clips, ({ events }) => events) / hours] : null;
    }
    case 'scores':
      return clips.length === 0
        ? null
        : [sum(clips, ({ top }) => top) / clips.length, sum(clips, ({ margin }) => margin) / clips.length];
    case 'disagreement': {
      const compared = clips.filter((clip) => clip.disagreement !== null);
      return compared.length === 0 ? null : [sum(compared, (clip) => clip.disagreement ?? 0) / compared.length];
    }
  }
}

/** One labelled clip of the random sample. `probability`: of having been drawn. */
export type LabelledClip = { conditions: Readonly<Record<string, string>>; truth: number; found: number; probability: number };

export function nightRecall(clips: readonly LabelledClip[]): NightRecall {
  const values = new Map<string, { recall: number; events: number }>();
  for (const [slice, members] of slicesOfNight(clips)) {
    const recall = weightedRecall(members);
    if (recall !== null) values.set(slice, { recall, events: sum(members, ({ truth }) => truth) });
  }
  return values;
}

function slicesOfNight<T extends { conditions: Readonly<Record<string, string>> }>(clips: readonly T[]): Map<string, T[]> {
  const slices = new Map<string, T[]>([['', [...clips]]]);
  for (const clip of clips) {
    for (const [name, value] of Object.entries(clip.conditions)) {
      const slice = `${name}=${value}`;
      slices.set(slice, [...(slices.get(slice) ?? []), clip]);
    }
  }
  return slices;
}

function sum<T>(items: readonly T[], of: (item: T) => number): number {
  return items.reduce((total, item) => total + of(item), 0);
}
