/** What an end of a link is told when it is started, and asked later. Its device sends through the given queueing disciplines. */
export type EndTask = {
  end: 'near' | 'far';
  /** Arguments of `tc qdisc add dev ...`. */
  shape: readonly (readonly string[])[];
  farShape: readonly (readonly string[])[];
  /** The unix socket through which the far end reaches what is outside. */
  outside: string;
};

/** `listen` comes with the listening socket: it was made outside, where who connects is. */
export type Request = { ask: 'raise' | 'listen' | 'cut' | 'mend' | 'count' };

export type Reply = { state: 'there' | 'ready' | 'done'; up: number; down: number };

/** Both exist in the link's own namespaces alone. */
export const NEAR_ADDRESS = '10.213.0.1';
export const FAR_ADDRESS = '10.213.0.2';
export const PORT = 7000;
