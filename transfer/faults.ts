import { CouldNotRun, reasonOf } from '#kernel';
import type { Wanted } from './wanted.ts';

/** What keeps a file from coming, in the same words wherever it lies. `place`: its address, without what is as good as a password. */
const CHECK_NETWORK = 'check the address and the network, and run again: what has come is kept';

export function unreachable({ at }: Pick<Wanted, 'at'>, place: string, cause: unknown): CouldNotRun {
  return new CouldNotRun(
    { ...at, message: `${place} cannot be reached: ${rootReason(cause)}`, remedy: CHECK_NETWORK },
    { cause },
  );
}

export function brokeOff({ at }: Pick<Wanted, 'at'>, place: string, cause: unknown): CouldNotRun {
  return new CouldNotRun({ ...at, message: `${place} broke off: ${rootReason(cause)}`, remedy: CHECK_NETWORK }, { cause });
}

/** @param credentials what a job is given that may read it */
export function refused(
  { at }: Pick<Wanted, 'at'>,
  place: string,
  status: number,
  credentials = 'credentials that may read it',
): CouldNotRun {
  if (status === 404 || status === 410) {
    const remedy = 'upload it, or correct where it is said to be';
    return new CouldNotRun({ ...at, message: `${place} is not there (${status})`, remedy });
  }
  if (status === 401 || status === 403)
    return new CouldNotRun({ ...at, message: `${place} is not given to us (${status})`, remedy: `give this job ${credentials}` });
  const remedy = 'run again later: what has come is kept';
  return new CouldNotRun({ ...at, message: `${place} was answered with ${status}`, remedy });
}

/** A connection that breaks has no name of its own. */
export async function* named(
  body: AsyncIterable<Uint8Array>,
  wanted: Pick<Wanted, 'at'>,
  place: string,
): AsyncGenerator<Uint8Array> {
  try {
    yield* body;
  } catch (cause) {
    throw brokeOff(wanted, place, cause);
  }
}

function rootReason(thrown: unknown): string {
  if (thrown instanceof AggregateError) return rootReason(thrown.errors[0]);
  return thrown instanceof Error && thrown.cause !== undefined ? rootReason(thrown.cause) : reasonOf(thrown);
}
