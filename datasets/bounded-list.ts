import { CouldNotRun, inTime, type Place } from '#kernel';

/** Bytes of a list of samples, clips, class names or pins: some 600,000 lines. */
export const LARGEST_LIST = 64 * 1024 * 1024;
/** Milliseconds, for a list of that length on a machine that has much else to do. */
const DEADLINE = 120_000;

/** Reads a list that anyone may have written: no larger than that, and in time. */
export function readBounded<T>(text: string, { file }: Place, read: () => T): T {
  if (text.length > LARGEST_LIST) throw tooLarge(file);
  return inTime(file, read, DEADLINE);
}

function tooLarge(file: string): CouldNotRun {
  return new CouldNotRun({
    file,
    message: 'is larger than 64 MiB',
    remedy: 'make it two datasets, or leave out what is not read',
  });
}
