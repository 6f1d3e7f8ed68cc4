import type { Clock } from '#kernel';

/** A clock that goes by what is spent alone. */
export function steppedClock(): { clock: Clock; spend: (milliseconds: number) => void } {
  let elapsed = 0;
  const spend = (milliseconds: number) => {
    elapsed += milliseconds;
  };
  const now = () => new Date(Date.UTC(2026, 2, 2) + elapsed);
  return { clock: { now, elapsed: () => elapsed, sleep: async (milliseconds) => spend(milliseconds) }, spend };
}
