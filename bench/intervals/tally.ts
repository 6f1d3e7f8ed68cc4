import { decide } from '../../eval/decide.ts';
import type { Interval } from '../../eval/gate.ts';

/** How often one method erred in one world, as shares of its replicates. */
export type Tally = {
  method: string;
  replicates: number;
  falsePass: number;
  falseFail: number;
  /** The interval holds the truth at the margin. */
  holds: number;
  /** Passes where nothing was lost. */
  power: number;
  /** Has said `insufficient`: where even agreement would not have passed. Of Fieldproof's alone. */
  insufficient: number;
};

export type WorldResult = { world: string; margin: number; effective: number; tallies: Tally[] };

/** Of pairs of intervals: where just the margin was lost, and where nothing was. */
export function tallyOf(
  method: string,
  margin: number,
  intervals: readonly { edge: Interval | null; none: Interval | null; insufficient?: boolean }[],
): Tally {
  const share = (is: (one: (typeof intervals)[number]) => boolean) => intervals.filter(is).length / intervals.length;
  return {
    method,
    replicates: intervals.length,
    falsePass: share(({ edge }) => decide(edge, margin) === 'pass'),
    falseFail: share(({ edge }) => decide(edge, margin) === 'fail'),
    holds: share(({ edge }) => edge !== null && edge.low <= -margin && -margin <= edge.high),
    power: share(({ none }) => decide(none, margin) === 'pass'),
    insufficient: share((one) => one.insufficient === true),
  };
}

/** Two Monte-Carlo standard errors above a true 5%, and below a true 88.5%. */
export function erring({ replicates, falsePass, falseFail, holds }: Tally): boolean {
  const slack = (share: number) => 2 * Math.sqrt((share * (1 - share)) / replicates);
  return Math.max(falsePass, falseFail) > 0.05 + slack(0.05) || holds < 0.885 - slack(0.885);
}
