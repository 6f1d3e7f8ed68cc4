/**
 * Does the same with each of many, some at a time, and gives what came of each in the order of the many. The first failure ends
 * it: nothing new is begun.
 */
export async function severalAtOnce<T, R>(many: readonly T[], atOnce: number, work: (one: T) => Promise<R>): Promise<R[]> {
  const results: R[] = [];
  results.length = many.length;
  let next = 0;
  const take = async () => {
    while (next < many.length) {
      const index = next;
      next += 1;
      results[index] = await work(many[index] as T);
    }
  };
  const takers = Array.from({ length: Math.min(atOnce, many.length) }, take);
  try {
    await Promise.all(takers);
  } finally {
    next = many.length;
  }
  return results;
}
