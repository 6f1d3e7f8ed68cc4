import type { Digest, Place } from '#kernel';

/** A file that is known by its bytes before it is here. */
export type Wanted = {
  digest: Digest;
  /** Bytes; null where nobody has said. */
  size: number | null;
  /** Where it is asked for: messages begin with it. */
  at: Place;
};

/** Where a file is asked for, and what has to be said there. */
export type Address = { url: string; headers: Readonly<Record<string, string>> };

/**
 * Its bytes from `from` on. Who cannot begin in the middle begins at 0 and says so.
 * @throws CouldNotRun where it is not there, or not for us
 */
export type Opener = (wanted: Wanted, from: number) => Promise<{ body: AsyncIterable<Uint8Array>; from: number }>;
