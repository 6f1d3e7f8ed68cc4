import type { Parcel } from '../carrier.ts';

/** A parcel as its outbox knows it. */
export type Kept = { id: number; parcel: Parcel };

/** What was promised and is not yet confirmed, on a disk. What it says it has survives a crash of everything. */
export interface Outbox {
  /**
   * Resolves once it is on the disk. One that is kept already is not kept again: a stage that was killed answers twice.
   * @throws CouldNotRun when the disk or the outbox is full: then nothing is promised, and nothing that was is lost
   */
  keep(parcel: Parcel): Promise<'kept' | 'known'>;
  /** The earliest by capture but for those that are on the way: as many as go together, at least one where there is any. */
  next(onTheWay: ReadonlySet<number>, together: { most: number; bytes: number }): Promise<Kept[]>;
  /** These have arrived. */
  confirm(ids: readonly number[]): Promise<void>;
  /** How many wait. */
  waiting(): Promise<number>;
  close(): Promise<void>;
}

/** How an inbox took a parcel: `early` is one whose predecessor is missing, and comes again. */
export type Acceptance = 'new' | 'known' | 'early';

/** What has arrived, on a disk: each once, in order, until somebody is done with it. */
export interface Inbox {
  /**
   * Resolves once all of one sender's parcels that are new are on the disk, when their arrival may be confirmed up to that place.
   * @throws CouldNotRun when the disk is full: then none is confirmed, and they stay where they came from
   */
  accept(parcels: readonly Parcel[]): Promise<{ as: readonly Acceptance[]; upTo: number }>;
  /** The first that nobody is done with. */
  next(): Promise<Kept | null>;
  done(id: number): Promise<void>;
  close(): Promise<void>;
}
