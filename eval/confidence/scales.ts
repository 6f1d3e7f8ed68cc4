import type { Unit } from '#tasks';

/** A gain of this size is an ordinary one: everything in the model is in multiples of it, so that one prior fits every metric. */
const ORDINARY: Readonly<Record<Unit, number>> = { fraction: 0.05, 'per hour': 2, 'per image': 0.2, seconds: 0.5 };

export function ordinaryGain(unit: Unit): number {
  return ORDINARY[unit];
}

/**
 * What is believed of a model's first iteration, in ordinary gains. Where research and field are counted alike, most of a research
 * gain is expected to survive; of other pairs nothing is known but the scale.
 */
export const PRIOR = {
  /** Field gain without any research gain: mean 0. */
  offset: 0.4,
  slope: { alike: 0.75, unlike: 0, sd: 0.75 },
  /** Medians of the spreads, and how far off by a factor of e^(sd) they may be. */
  spread: {
    iteration: { median: 0.6, sd: 0.8 },
    visit: { median: 0.4, sd: 0.8 },
    offset: { median: 0.3, sd: 0.8 },
    slope: { median: 0.3, sd: 0.8 },
  },
} as const;
