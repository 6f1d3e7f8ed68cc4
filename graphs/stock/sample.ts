import { frameTicks } from '#datasets';
import { PerCamera, type StageProgram } from '../stage-program.ts';

/** Lets frames through at even distances, as a clip's are looked at, counted from the first of each camera. */
export function sampleStage({ framesPerSecond }: { framesPerSecond: number }): StageProgram {
  const cameras = new PerCamera(() => ({ began: Number.NaN, isTick: frameTicks(framesPerSecond) }));
  return {
    take(message) {
      if (message.kind !== 'frame') return [];
      const state = cameras.of(message);
      if (Number.isNaN(state.began)) state.began = message.capturedAt;
      return state.isTick((message.capturedAt - state.began) / 1000) ? [message] : [];
    },
  };
}
