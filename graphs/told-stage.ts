import type { Stage } from './graph.ts';
import type { StreamedRule } from './stock/events.ts';

/**
 * What a stage that is deployed is told of its work; its edges come beside it. It travels as JSON.
 * `threshold` of the rule: that of the detector before it, where the stage names none.
 */
export type ToldStage = Stage & {
  graph: string;
  rule: StreamedRule;
  /** Messages that wait before it; a frame more, and the oldest is dropped. */
  queue: number;
  /** Its events are the graph's answer. */
  isAnswer: boolean;
};
