import { afterEach } from 'vitest';
import { JudgedFleet } from './judged-fleet.ts';

/** Fleets of one test file, each removed after its test. */
export function judgedFleets(): {
  keep: <T extends { remove: () => void }>(made: T) => T;
  merged: (...options: ConstructorParameters<typeof JudgedFleet>) => Promise<JudgedFleet>;
} {
  const open: { remove: () => void }[] = [];
  afterEach(() => {
    for (const made of open.splice(0)) made.remove();
  });
  const keep = <T extends { remove: () => void }>(made: T): T => {
    open.push(made);
    return made;
  };
  return {
    keep,
    /** `old` runs everywhere, `new` has passed and is merged. */
    merged: async (...options) => {
      const fleet = keep(new JudgedFleet(...options));
      await fleet.release('porch', 'old');
      await fleet.judge('porch', 'new');
      return fleet;
    },
  };
}
