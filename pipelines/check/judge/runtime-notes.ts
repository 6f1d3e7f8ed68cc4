import { onlyStage } from '#kernel';
import type { ModelPart } from '../parts/part.ts';
import type { PlannedModel } from '../plan/plan-model-change.ts';

/** Whether the image of the runtime was run, or its code and engine without it. A digest that did not run is not said to have. */
export function runtimeNotes({ candidate }: Pick<PlannedModel, 'candidate'>, parts: readonly ModelPart[]): string[] {
  const { runtime } = onlyStage(candidate.release);
  if (runtime === null) return [];
  const process = parts.filter(({ runner }) => runner.name === 'process').flatMap(({ present }) => present);
  const emulated = new Set(process.flatMap(({ name, key }) => (key.emulator === undefined ? [] : [name])));
  const notes = emulated.size === 0 ? [] : [`${[...emulated].join(', ')}: scored under emulation, not on silicon; not timed.`];
  if (process.every(({ key }) => key.emulator !== undefined)) return notes;
  return [
    ...notes,
    `Measured by the process runner: the runtime's code and engine ran under the machine's own Node. Its image ${runtime} itself did not (--runner docker runs it).`,
  ];
}
