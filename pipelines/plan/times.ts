import type { TimedCheck, TimedStep } from '#eval';
import type { Clock, Progress } from '#kernel';

/** How long checks took on this machine, kept beside its answers: they say how long the next will. */
export interface Times {
  read(): Promise<readonly TimedCheck[]>;
  add(check: TimedCheck): void;
}

/**
 * Listens to what a check says of its progress, and keeps how long each step took: until the last that it counts is done, or else until the
 * next begins. A check that asked no model anything says nothing of how long one takes.
 */
export function timed<P extends Progress & { close(): void }>(
  shown: P,
  clock: Pick<Clock, 'elapsed'>,
  times: Pick<Times, 'add'>,
): P {
  const begun = clock.elapsed();
  const steps: TimedStep[] = [];
  let current: { name: string; items: number; of: number | null; since: number } | null = null;
  const finish = () => {
    if (current !== null) {
      const { name, items, since } = current;
      steps.push({ name, items, seconds: (clock.elapsed() - since) / 1000 });
    }
    current = null;
  };
  return {
    ...shown,
    step(name, total) {
      finish();
      current = { name, items: 0, of: total ?? null, since: clock.elapsed() };
      shown.step(name, total);
    },
    advance(count = 1) {
      shown.advance(count);
      if (current === null) return;
      current.items += count;
      if (current.items === current.of) finish();
    },
    close() {
      finish();
      shown.close();
      if (steps.some(({ items }) => items > 0)) times.add({ seconds: (clock.elapsed() - begun) / 1000, steps: [...steps] });
      steps.length = 0;
    },
  };
}
