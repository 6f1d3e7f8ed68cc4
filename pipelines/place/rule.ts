import type { GraphRun } from '#places';

/** The footage's rule, but for the threshold, which is the detector's. */
export type Rule = GraphRun['rule'];
