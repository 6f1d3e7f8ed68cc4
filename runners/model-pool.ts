import { digestOfJson } from '#kernel';
import type { Chipset } from './chipset.ts';
import type { ModelRunner, RunningModel, Servable } from './model-runner.ts';

/** Models that have been started once and are paused while another one works. */
export interface ModelPool {
  /** Starts the model if need be, lets it use the CPU for the time of the work, and pauses it again. */
  use<T>(servable: Servable, chipset: Chipset, work: (running: RunningModel) => Promise<T>): Promise<T>;
  /** A model that nobody else uses: for latency, where the baseline runs twice. The pool stops it at the end. */
  startAnother(servable: Servable, chipset: Chipset): Promise<RunningModel>;
  stopAll(): Promise<void>;
}

export function openModelPool(runner: ModelRunner): ModelPool {
  const shared = new Map<string, Promise<RunningModel>>();
  const all: Promise<RunningModel>[] = [];

  const start = (servable: Servable, chipset: Chipset) => {
    const starting = runner.start(servable, chipset);
    all.push(starting);
    return starting;
  };

  return {
    async use(servable, chipset, work) {
      const name = digestOfJson([servable.release, chipset.name]);
      const known = shared.get(name);
      const starting = known ?? start(servable, chipset);
      shared.set(name, starting);
      const running = await starting;
      if (known !== undefined) await running.resume();
      const result = await work(running);
      await running.pause();
      return result;
    },
    startAnother: start,
    async stopAll() {
      const outcomes = await Promise.allSettled(all);
      await Promise.allSettled(outcomes.flatMap((outcome) => (outcome.status === 'fulfilled' ? [outcome.value.stop()] : [])));
    },
  };
}
