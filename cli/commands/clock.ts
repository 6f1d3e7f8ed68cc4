import { join, resolve } from 'node:path';
import { alarmLives, clockOf, durationsOf, fourKeysOf, timelinesOf, trustedEntries } from '#history';
import { type ClockReport, drawClock, otlpTraces, renderClock } from '#report';
import { composeClock, sendTraces } from '../compose-clock.ts';
import { composeTree } from '../compose-tree.ts';
import { exitCodes, type Terminal } from '../terminal.ts';

export type ClockOptions = { repo: string; ref: string; before?: string; json?: boolean; report?: string; otlp?: string };

/** Where the time of every iteration went, and how long it took before. */
export async function runClock(options: ClockOptions, terminal: Terminal): Promise<number> {
  const { ledger, policy, before, now } = await composeClock(options, terminal);
  const { trusted: entries } = await trustedEntries(ledger, policy);
  const iterations = timelinesOf(entries, now);
  const report: ClockReport = {
    version: 1,
    until: now.toISOString(),
    iterations,
    clock: clockOf(iterations),
    fourKeys: fourKeysOf(entries, iterations),
    alarms: alarmLives(entries),
    before: before && { ...before, durations: durationsOf(before.releases.map(({ seconds }) => seconds)) },
  };
  terminal.out(options.json === true ? `${JSON.stringify(report, undefined, 2)}\n` : renderClock(report, terminal));
  if (options.report !== undefined) {
    const [tree, folder] = [composeTree(terminal.cwd), resolve(terminal.cwd, options.report)];
    await tree.write(join(folder, 'clock.json'), `${JSON.stringify(report, undefined, 2)}\n`);
    await tree.write(join(folder, 'clock.svg'), drawClock(report));
    if (options.json !== true) terminal.out(`\n${join(options.report, 'clock.svg')}\n`);
  }
  if (options.otlp !== undefined) await sendTraces(options.otlp, otlpTraces(iterations));
  return exitCodes.pass;
}
