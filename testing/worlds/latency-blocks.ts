import { PAIRS_PER_START, type LatencyBlock } from '#eval';

/** Milliseconds that each arm takes, give or take a hundredth or two. */
export type ArmTimes = { candidate: number; reference: number; control: number };

/** So many whole pairs; without a reference, the candidate's blocks alone. */
export function blocksOf(times: Partial<ArmTimes>, pairs = 30): LatencyBlock[] {
  return Array.from({ length: pairs }, (_, pair) =>
    (['candidate', 'reference', 'control'] as const).flatMap((arm) => {
      const base = times[arm];
      if (base === undefined) return [];
      const milliseconds = Array.from({ length: 9 }, (__, index) => base * (1 + ((index + pair) % 3) / 100));
      return [{ start: Math.floor(pair / PAIRS_PER_START), pair, arm, milliseconds }];
    }),
  ).flat();
}
