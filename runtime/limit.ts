/** Lets no more than `most` tasks run at a time; the others wait in the order in which they came. */
export function limit(most: number): <T>(task: () => Promise<T>) => Promise<T> {
  let running = 0;
  const waiting: (() => void)[] = [];
  return async (task) => {
    if (running >= most) await new Promise<void>((enter) => waiting.push(enter));
    else running += 1;
    try {
      return await task();
    } finally {
      // A place is handed on, not given back, so that nobody who comes now can overtake those who wait.
      const next = waiting.shift();
      if (next) next();
      else running -= 1;
    }
  };
}
