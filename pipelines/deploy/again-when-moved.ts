import type { Clock } from '#kernel';
import { FleetMoved } from '#gitops';

/** In each round somebody lands, so that this many are lost only against as many others. */
const ROUNDS = 60;
/** Milliseconds. */
const LONGEST_PAUSE = 20_000;

/**
 * Does something on a fleet's tip, and again from the new tip when others were faster. Pauses are drawn from zero up to a
 * bound that doubles ("full jitter": M. Brooker, Exponential Backoff And Jitter, AWS Architecture Blog, 2015), so that those
 * who met once do not meet again. The bound begins at the time that the work took: the more are at it, the longer that is.
 * @throws FleetMoved after the last round
 */
export async function againWhenMoved<T>(clock: Pick<Clock, 'elapsed' | 'sleep'>, work: () => Promise<T>): Promise<T> {
  for (let round = 1; ; round += 1) {
    const since = clock.elapsed();
    try {
      return await work();
    } catch (thrown) {
      if (!(thrown instanceof FleetMoved) || round === ROUNDS) throw thrown;
      const took = clock.elapsed() - since;
      await clock.sleep(Math.random() * Math.min(LONGEST_PAUSE, took * 2 ** round));
    }
  }
}
