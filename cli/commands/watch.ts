import { composeWatch } from '../compose-fleet.ts';
import { type WatchReport, renderWatch } from '#report';
import { exitCodes, type Terminal } from '../terminal.ts';
import { watchFleet } from '#pipelines/watch';

export type WatchOptions = { repo: string; ref: string; commit?: string; signingKey?: string; json?: boolean };

/** What runs where, and since when. */
export async function runWatch({ commit, json, ...options }: WatchOptions, terminal: Terminal): Promise<number> {
  const { progress, ...ports } = await composeWatch(options, terminal);
  const report = await watchFleet({ ref: options.ref, commit: commit ?? null }, { ...ports, progress }).finally(() =>
    progress.close(),
  );
  terminal.out(json === true ? `${JSON.stringify(report, undefined, 2)}\n` : renderWatch(report, terminal));
  return exitCodeOf(report);
}

function exitCodeOf({ rollouts }: WatchReport): number {
  if (rollouts.some(({ state }) => state === 'failed')) return exitCodes.fail;
  return rollouts.every(({ state }) => state === 'healthy') ? exitCodes.pass : exitCodes.inconclusive;
}
