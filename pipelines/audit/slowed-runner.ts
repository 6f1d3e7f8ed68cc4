import type { Clock } from '#kernel';
import type { ModelRunner, RunningModel, Servable } from '#runners';

/**
 * A runner whose server of one servable is slower by a share of what each answer takes, and by nothing else: the true slowdown is known.
 * The delay is spent awake, for a timer's tick is longer than a share of a quick answer.
 * @param by 0.1 is a tenth slower
 */
export function slowedRunner(runner: ModelRunner, slow: Servable, by: number, clock: Pick<Clock, 'elapsed'>): ModelRunner {
  return {
    name: runner.name,
    sandboxed: runner.sandboxed,
    detect: async (chipset) => await runner.detect(chipset),
    missing: async (chipset) => await runner.missing(chipset),
    runsImage: async (chipset) => await runner.runsImage(chipset),
    ...(runner.machineState && { machineState: runner.machineState.bind(runner) }),
    start: async (servable, chipset, options) => {
      const running = await runner.start(servable, chipset, options);
      return servable === slow && by > 0 ? slowed(running, by, clock) : running;
    },
  };
}

function slowed(running: RunningModel, by: number, clock: Pick<Clock, 'elapsed'>): RunningModel {
  return {
    metadata: running.metadata,
    infer: async (request) => {
      const began = clock.elapsed();
      const response = await running.infer(request);
      const taken = clock.elapsed() - began;
      while (clock.elapsed() - began < taken * (1 + by));
      return response;
    },
    manner: () => running.manner(),
    pause: async () => await running.pause(),
    resume: async () => await running.resume(),
    peakMemory: async () => await running.peakMemory(),
    stop: async () => await running.stop(),
  };
}
