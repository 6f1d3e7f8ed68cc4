/** @returns what rejects after so many milliseconds, and `done`, which calls it off */
export function timer(milliseconds: number): { expired: Promise<never>; done: () => void } {
  let timeout: NodeJS.Timeout | undefined;
  const expired = new Promise<never>((_, reject) => {
    timeout = setTimeout(() => reject(new Error(`it has not answered for ${Math.round(milliseconds / 1000)} s`)), milliseconds);
  });
  expired.catch(() => {});
  return { expired, done: () => clearTimeout(timeout) };
}
