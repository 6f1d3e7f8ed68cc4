/** A stream of uniform numbers in [0, 1). The same seed gives the same stream on every machine. */
export type Random = () => number;

/** sfc32 (C. Doty-Humphrey, PractRand): 128 bits of state, passes BigCrush; its first outputs are dropped to mix the seed. */
export function random(seed: number): Random {
  let [a, b, c, counter] = [0x9e3779b9, seed | 0, Math.trunc(seed / 2 ** 32) | 0, 1];
  const next = (): number => {
    const sum = (((a + b) | 0) + counter) | 0;
    counter = (counter + 1) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = (((c << 21) | (c >>> 11)) + sum) | 0;
    return (sum >>> 0) / 2 ** 32;
  };
  for (let dropped = 0; dropped < 15; dropped += 1) next();
  return next;
}

/** A new list in random order (Fisher and Yates). */
export function shuffled<T>(items: readonly T[], next: Random): T[] {
  const order = [...items];
  for (let last = order.length - 1; last > 0; last -= 1) {
    const other = Math.floor(next() * (last + 1));
    [order[last], order[other]] = [order[other] as T, order[last] as T];
  }
  return order;
}
