import type { Inbox, Outbox } from './stores.ts';

/** The stores of an edge that promises nothing: no disk is asked for. */
export const noOutbox: Outbox = {
  keep: () => Promise.reject(new Error('this edge promises nothing')),
  next: () => Promise.resolve([]),
  confirm: () => Promise.resolve(),
  waiting: () => Promise.resolve(0),
  close: () => Promise.resolve(),
};

/** Who promises all the same is no stage of ours: what it sends is dropped, or it would stand before all that comes after it. */
export const noInbox: Inbox = {
  accept: (parcels) => Promise.resolve({ as: parcels.map(() => 'known' as const), upTo: 0 }),
  next: () => Promise.resolve(null),
  done: () => Promise.resolve(),
  close: () => Promise.resolve(),
};
