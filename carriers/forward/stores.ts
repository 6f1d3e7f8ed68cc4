import type { Parcel } from '../carrier.ts';

/** A parcel at its place: the order in which it goes over the link. */
export type Placed = { position: number; parcel: Parcel };

/** What was promised and is not yet confirmed, on a disk. What it says it has survives a crash of everything. */
export interface Outbox {
  /** Which outbox this is, for ever: a receiver remembers how far it is in each. */
  readonly id: string;
  /**
   * Resolves once it is on the disk. One that was kept already is not kept again: a stage that was killed answers twice.
   * @throws CouldNotRun when the disk or the outbox is full: then nothing is promised, and nothing that was is lost
   */
  keep(parcel: Parcel): Promise<'kept' | 'known'>;
  /** What goes next after a place: what has a place already, else the earliest by capture, which gets the next place. */
  next(after: number): Promise<Placed | null>;
  /** Everything up to this place has arrived. */
  confirm(position: number): Promise<void>;
  /** The last place that was confirmed. */
  confirmed(): Promise<number>;
  /** How many wait. */
  waiting(): Promise<number>;
  close(): Promise<void>;
}

/** How an inbox took a parcel: `early` is one whose predecessor is missing, and comes again. */
export type Acceptance = 'new' | 'known' | 'early';

/** What has arrived, on a disk: each once, in order, until somebody is done with it. */
export interface Inbox {
  /**
   * Resolves once it is on the disk, when its arrival may be confirmed.
   * @throws CouldNotRun when the disk is full: then it is not confirmed, and stays where it came from
   */
  accept(parcel: Parcel): Promise<{ as: Acceptance; upTo: number }>;
  /** The first that nobody is done with. */
  next(): Promise<{ id: number; parcel: Parcel } | null>;
  done(id: number): Promise<void>;
  close(): Promise<void>;
}
