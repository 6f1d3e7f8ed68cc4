import type { LatencyGate } from '../gate.ts';
import { estimateSpeedUp } from './estimate-ratio.ts';
import type { LatencyBlock } from './plan-blocks.ts';

/** Of the margin: a control that is known no better than this proves no pass. */
export const PRECISE = 1 / 3;

/**
 * Whether candidate and control are both known to within a third of each gate's margin, so that measuring may end. It goes
 * by the width of the intervals alone: a rule that looked at where they lie would stop when chance favours a side.
 */
export function isPrecise(blocks: readonly LatencyBlock[], gates: readonly LatencyGate[]): boolean {
  return gates.every(({ metric, margin }) =>
    (['candidate', 'control'] as const).every((arm) => {
      const { interval } = estimateSpeedUp(blocks, arm, metric);
      return interval !== null && (interval.high - interval.low) / 2 <= Math.log1p(margin) * PRECISE;
    }),
  );
}
