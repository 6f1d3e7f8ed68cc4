import { CouldNotRun, type Problem, type Progress } from '#kernel';
import type { Opener, Wanted } from '../wanted.ts';
import type { DataCache } from './data-cache.ts';

const AT_ONCE = 8;
/** Of one file; what has come is kept between them. */
const ATTEMPTS = 3;

/**
 * Brings files into a cache, several at once. What cannot be brought does not keep the others from coming.
 * @throws CouldNotRun with every problem at once
 */
export async function fetchAll(
  wanted: readonly Wanted[],
  { cache, open, progress, name }: { cache: DataCache; open: Opener; progress: Progress; name: string },
): Promise<void> {
  const queue = [...new Map(wanted.map((each) => [each.digest, each])).values()];
  const problems: Problem[] = [];
  progress.step(name, queue.length);
  const work = async () => {
    for (let next = queue.shift(); next !== undefined; next = queue.shift()) {
      problems.push(...(await fetchOne(next, cache, open)));
      progress.advance();
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, work));
  if (problems.length > 0) throw new CouldNotRun(problems);
}

async function fetchOne(wanted: Wanted, cache: DataCache, open: Opener): Promise<readonly Problem[]> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      await cache.fill(wanted, open);
      return [];
    } catch (thrown) {
      if (!(thrown instanceof CouldNotRun)) throw thrown;
      // A cause is a connection that failed; what was refused will be refused again.
      if (thrown.cause === undefined || attempt === ATTEMPTS) return thrown.problems;
    }
  }
}
