import type { Outcome } from '#eval';

/** A graph that is measured at two commits, by the policy of the first. */
export type GraphQuestion = { graph: string; base: string; head: string };

/** What the gates of a graph say of a change, and what a reader should know of how it came about. */
export type GraphVerdict = {
  findings: readonly { placement: string; measure: string; outcome: Outcome; reason: string }[];
  notes: readonly string[];
};

/** Measures graphs under the placements that their gates name. */
export type GraphJudge = (question: GraphQuestion) => Promise<GraphVerdict>;
