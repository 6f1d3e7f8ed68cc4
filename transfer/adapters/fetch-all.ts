import { CouldNotRun, MOST_PROBLEMS, type Problem, type Progress } from '#kernel';
import type { Opener, Wanted } from '../wanted.ts';
import type { DataCache } from './data-cache.ts';

const AT_ONCE = 8;
/** Of one file; what has come is kept between them. */
const ATTEMPTS = 3;

/**
 * Brings files into a cache, several at once. What is not there does not keep the others from coming; a place that does not answer
 * and a disk that is full do, for no other file would fare better.
 * @throws CouldNotRun with every problem that was met
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
      const failed = await fetchOne(next, cache, open);
      problems.push(...(failed?.problems ?? []));
      if (failed?.cause !== undefined || problems.length >= MOST_PROBLEMS) queue.length = 0;
      progress.advance();
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, work));
  if (problems.length > 0) throw new CouldNotRun(problems.toSorted((a, b) => (a.line ?? 0) - (b.line ?? 0)));
}

async function fetchOne(wanted: Wanted, cache: DataCache, open: Opener): Promise<CouldNotRun | null> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      await cache.fill(wanted, open);
      return null;
    } catch (thrown) {
      if (!(thrown instanceof CouldNotRun)) throw thrown;
      // A cause is a connection that failed; what was refused will be refused again.
      if (thrown.cause === undefined || attempt === ATTEMPTS) return thrown;
    }
  }
}
