import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import type { Clock } from '#kernel';
import type { Repository } from '#git/adapters';

/** Milliseconds. Whoever waited this long, and saw nobody get ahead, waits no more: whose turn it is may have been stopped in mid-append. */
const LONGEST_WAIT = 60_000;
const BETWEEN_TRIES = 40;
const SQLITE_BUSY = 5;

/**
 * Those who append to one repository, one after another, so that nobody makes a commit in vain. A courtesy and no more: what keeps
 * the chain whole is the compare-and-set, and where no turns can be taken all go ahead at once. The lock is SQLite's, which is the
 * system's own: it ends with the process that holds it, however that ends.
 * @param tip where the branch is
 */
export async function inTurn<T>(
  { gitFolder }: Repository,
  { clock, tip }: { clock: Pick<Clock, 'sleep'>; tip: () => Promise<string | null> },
  work: () => Promise<T>,
): Promise<T> {
  const lock = openLock(join(gitFolder, 'fieldproof'));
  if (lock === null) return await work();
  try {
    await waitFor(lock, clock, tip);
    return await work();
  } finally {
    lock.close();
  }
}

async function waitFor(lock: DatabaseSync, clock: Pick<Clock, 'sleep'>, tip: () => Promise<string | null>): Promise<void> {
  let [waited, seen]: [number, string | null | undefined] = [0, undefined];
  // Nobody as long as another, here and below: those who gave up together would be in each other's way.
  const longest = LONGEST_WAIT * (0.5 + Math.random());
  while (isTaken(lock)) {
    const pause = BETWEEN_TRIES * (0.5 + Math.random());
    await clock.sleep(pause);
    waited += pause;
    if (waited < longest) continue;
    const now = await tip();
    if (now === seen) return;
    [waited, seen] = [0, now];
  }
}

function openLock(folder: string): DatabaseSync | null {
  try {
    mkdirSync(folder, { recursive: true });
    return new DatabaseSync(join(folder, 'turns.sqlite'), { timeout: 0 });
  } catch {
    return null;
  }
}

/** Whether the lock is held by somebody else; if not, it is ours until the database is closed. Nothing is ever written into it. */
function isTaken(lock: DatabaseSync): boolean {
  try {
    lock.exec('BEGIN IMMEDIATE');
    return false;
  } catch (thrown) {
    return (thrown as { errcode?: number }).errcode === SQLITE_BUSY;
  }
}
