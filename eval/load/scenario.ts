/**
 * How load comes, by the names of MLPerf's inference benchmark: `single-stream`: the next query when the last is answered; `multi-stream`: eight
 * samples a query; `server`: queries come by chance (Poisson), `perSecond` on average; `offline`: all at once. `camera` is ours: queries come
 * evenly, as frames of a camera do. `seconds`: how long it is kept up.
 */
export type Scenario =
  | { kind: 'single-stream' | 'multi-stream' | 'offline'; seconds: number }
  | { kind: 'server' | 'camera'; seconds: number; perSecond: number };

/** What came of it. `milliseconds`: of each query, from when it was meant to start; none where all are one query. */
export type Loaded = { milliseconds: readonly number[]; samples: number; seconds: number };

export const SAMPLES_PER_QUERY = 8;

/** When each query of an open loop is meant to start, in milliseconds from the beginning: before anything is known of how long answers take. */
export function intendedStarts(scenario: Extract<Scenario, { perSecond: number }>, next: () => number): number[] {
  const { kind, seconds, perSecond } = scenario;
  const gap = 1000 / perSecond;
  const starts: number[] = [];
  // 1 - next() is never 0.
  for (let at = 0; at < seconds * 1000; at += kind === 'camera' ? gap : -Math.log(1 - next()) * gap) starts.push(at);
  return starts;
}
