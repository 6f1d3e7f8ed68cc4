import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { systemClock } from '#kernel';
import { GitLedger } from '#ledger/adapters';
import { random } from '../../eval/stats/rng.ts';

/** Writers who append to one branch of one repository, each a process of its own that may be killed at any moment. */
export type Writers = {
  folder: string;
  writers: number;
  /** Of each writer. */
  records: number;
  /** Appends of one record that a writer waits for at once. */
  atOnce: number;
  /** So often is one of those that run killed, at some moment after somebody was acknowledged, and started again. */
  kills: number;
  seed: number;
  onProgress?: (acknowledged: number) => void;
};

export type Written = { killed: number; entries: number; acknowledged: number; lost: number; twice: number; state: string };

const WRITER = join(import.meta.dirname, 'ledger-writer.ts');

const acknowledgedFile = (folder: string, writer: number) => join(folder, 'acknowledged', String(writer));

/** Plays them to their end, and counts: of what was acknowledged, what is there, and how often. */
export async function playWriters(world: Writers): Promise<Written> {
  const { folder, writers } = world;
  execFileSync('git', ['init', '-q', join(folder, 'repository')]);
  mkdirSync(join(folder, 'acknowledged'), { recursive: true });
  const running = new Map<number, ChildProcess>();
  const next = random(world.seed);
  let killed = 0;
  const done = new AbortController();
  const ended = Promise.all(Array.from({ length: writers }, async (_, writer) => await runToItsEnd(writer, world, running)));
  const killing = (async () => {
    let before = 0;
    while (!done.signal.aborted) {
      await sleep(20 + 400 * next());
      const acknowledged = allAcknowledged(folder, writers).length;
      world.onProgress?.(acknowledged);
      if (killed >= world.kills || acknowledged === before) continue;
      before = acknowledged;
      const alive = [...running.values()];
      if (alive[Math.floor(next() * alive.length)]?.kill('SIGKILL') === true) killed += 1;
    }
  })();
  await ended;
  done.abort();
  await killing;
  return { killed, ...(await counted(folder, allAcknowledged(folder, writers))) };
}

/** Started again after each kill, from behind what it was acknowledged. */
async function runToItsEnd(writer: number, world: Writers, running: Map<number, ChildProcess>): Promise<void> {
  const { folder, records, atOnce } = world;
  while (acknowledgedOf(folder, writer).length < records) {
    const args = [
      WRITER,
      join(folder, 'repository'),
      acknowledgedFile(folder, writer),
      String(writer),
      String(records),
      String(atOnce),
    ];
    const child = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', ...args], {
      stdio: ['ignore', 'ignore', 'inherit'],
    });
    running.set(writer, child);
    await new Promise((exit) => child.once('exit', exit));
    running.delete(writer);
  }
}

async function counted(folder: string, acknowledged: readonly string[]): Promise<Omit<Written, 'killed'>> {
  const ledger = new GitLedger({ folder: join(folder, 'repository'), environment: process.env, clock: systemClock });
  const verification = await ledger.verify();
  const entries = verification.state === 'intact' ? await ledger.entries() : [];
  const times = new Map<string, number>();
  for (const { record } of entries) {
    const name = `${JSON.stringify(record.fact['writer'])} ${JSON.stringify(record.fact['record'])}`;
    times.set(name, (times.get(name) ?? 0) + 1);
  }
  return {
    entries: entries.length,
    acknowledged: acknowledged.length,
    lost: acknowledged.filter((name) => !times.has(name)).length,
    twice: [...times.values()].filter((count) => count > 1).length,
    state: verification.state,
  };
}

/** Each record that a writer was told of, by writer and number. */
function allAcknowledged(folder: string, writers: number): string[] {
  return Array.from({ length: writers }, (_, writer) =>
    acknowledgedOf(folder, writer).map((record) => `${writer} ${record}`),
  ).flat();
}

/** A line that was being written when its writer was killed is none. */
function acknowledgedOf(folder: string, writer: number): string[] {
  const file = acknowledgedFile(folder, writer);
  if (!existsSync(file)) return [];
  const lines = readFileSync(file, 'utf8').split('\n').slice(0, -1);
  return lines.filter((line) => line.endsWith('.')).map((line) => line.slice(0, -1));
}
