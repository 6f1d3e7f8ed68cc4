import type { ModelPart } from '../parts/part.ts';
import type { PlannedModel } from '../plan/plan-model-change.ts';

/** Whether the image of the runtime was run, or its code and engine without it. A digest that did not run is not said to have. */
export function runtimeNotes({ candidate: { release } }: Pick<PlannedModel, 'candidate'>, parts: readonly ModelPart[]): string[] {
  if (release.runtime === null || !parts.some(({ runner }) => runner.name === 'process')) return [];
  return [
    `The process runner ran the code and the engine of the runtime ${release.runtime} under each machine's own Node and libraries; the image itself was not run (--runner docker runs it).`,
  ];
}
