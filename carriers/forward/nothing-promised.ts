import type { Inbox, Outbox } from './stores.ts';

/** The stores of an edge that promises nothing: no disk is asked for. */
export const noOutbox: Outbox = {
  keep: () => Promise.reject(new Error('this edge promises nothing')),
  next: () => Promise.resolve([]),
  confirm: () => Promise.resolve(),
  waiting: () => Promise.resolve(0),
  close: () => Promise.resolve(),
};

/** What was promised by whoever sends stays there: it is never confirmed. */
export const noInbox: Inbox = {
  accept: () => Promise.reject(new Error('this edge promises nothing')),
  next: () => Promise.resolve(null),
  done: () => Promise.resolve(),
  close: () => Promise.resolve(),
};
