import { setTimeout as sleep } from 'node:timers/promises';
import { z } from 'zod';
import { reasonOf } from '#kernel';
import { ApiFailure, type ApiConnection } from './api-connection.ts';

/** Milliseconds before a call that failed is made again: the first time, and at most. */
export type Pace = { first: number; most: number };

export const PACE: Pace = { first: 250, most: 15_000 };

/** Which resources of a kind; the server leaves the others out. */
export type Selection = { path: string; query: Readonly<Record<string, string>> };

export type FeedState = { state: 'starting' } | { state: 'following' } | { state: 'lost'; words: string };

/** Seconds after which a server ends a watch in order; each a little other, so that many do not end at once. */
const LEASE = 290;
const PAGE = '500';
/** The server has forgotten what came after a version: all must be listed again. */
const GONE = 410;

const head = z.looseObject({
  metadata: z.looseObject({
    namespace: z.string().optional(),
    name: z.string().optional(),
    resourceVersion: z.string().optional(),
  }),
});
const listSchema = z.looseObject({
  metadata: z.looseObject({ resourceVersion: z.string(), continue: z.string().optional() }),
  items: z.array(head),
});
const eventSchema = z.looseObject({ type: z.string(), object: z.looseObject({}) });
const statusSchema = z.looseObject({ code: z.number().optional(), message: z.string().optional() });

export const keyOf = ({ namespace, name }: { namespace?: string | undefined; name?: string | undefined }): string =>
  `${namespace ?? ''}/${name ?? ''}`;

/**
 * All resources of one kind in one cluster, kept as they change: one list, then one watch that goes on from where the last
 * one ended. What is `lost` is tried again for ever, at longer and longer intervals: an API server that went away comes back.
 */
export class ResourceFeed<T> {
  #items = new Map<string, T>();
  #state: FeedState = { state: 'starting' };
  /** Whether the server took up the watch in this round. */
  #opened = false;
  readonly #connection: ApiConnection;
  readonly #selection: Selection;
  readonly #read: (resource: unknown) => T;
  readonly #onChange: () => void;
  readonly #pace: Pace;

  constructor(
    connection: ApiConnection,
    selection: Selection,
    { read, onChange, pace }: { read: (resource: unknown) => T; onChange: () => void; pace: Pace },
  ) {
    this.#connection = connection;
    this.#selection = selection;
    this.#read = read;
    this.#onChange = onChange;
    this.#pace = pace;
  }

  get state(): FeedState {
    return this.#state;
  }

  get(object: { namespace: string; name: string }): T | undefined {
    return this.#items.get(keyOf(object));
  }

  all(): Iterable<T> {
    return this.#items.values();
  }

  /** Until the signal ends it. */
  async run(signal: AbortSignal): Promise<void> {
    let version: string | null = null;
    let fruitless = 0;
    while (!signal.aborted) {
      const [began, from] = [performance.now(), version];
      this.#opened = false;
      try {
        version ??= await this.#list(signal);
        version = await this.#follow(version, signal);
      } catch (thrown) {
        if (signal.aborted) return;
        version = this.#afterFailure(thrown) ? version : null;
      }
      const worked = version !== null && (version !== from || performance.now() - began > this.#pace.most);
      fruitless = worked ? 0 : fruitless + 1;
      await pause(fruitless, this.#pace, signal);
    }
  }

  /** Whether the version that it came to is still good. A line that dropped is often only that: the next try says. */
  #afterFailure(thrown: unknown): boolean {
    if (thrown instanceof ApiFailure && thrown.status === GONE) return false;
    if (!(thrown instanceof ApiFailure) && !(thrown instanceof z.ZodError)) throw thrown;
    if (!this.#opened) this.#become({ state: 'lost', words: reasonOf(thrown) });
    return thrown instanceof ApiFailure && (thrown.status === 0 || thrown.status === 401);
  }

  async #list(signal: AbortSignal): Promise<string> {
    const { path, query } = this.#selection;
    const items = new Map<string, T>();
    let page: Record<string, string> = {};
    for (;;) {
      const list = listSchema.parse(await this.#connection.json({ path, query: { ...query, ...page, limit: PAGE }, signal }));
      for (const item of list.items) this.#put(items, item);
      if (!list.metadata.continue) {
        this.#items = items;
        this.#become({ state: 'following' });
        return list.metadata.resourceVersion;
      }
      page = { continue: list.metadata.continue };
    }
  }

  /** Returns the version that it came to, when the server ends the watch. */
  async #follow(from: string, signal: AbortSignal): Promise<string> {
    let version = from;
    const timeoutSeconds = String(LEASE + Math.floor(Math.random() * 20));
    const query = {
      ...this.#selection.query,
      watch: 'true',
      allowWatchBookmarks: 'true',
      resourceVersion: version,
      timeoutSeconds,
    };
    const events = await this.#connection.follow({ path: this.#selection.path, query, signal });
    this.#opened = true;
    if (this.#state.state !== 'following') this.#become({ state: 'following' });
    try {
      for await (const event of events) version = this.#take(event) ?? version;
    } catch (thrown) {
      // What was taken is taken: the next watch goes on from there.
      if (!(thrown instanceof ApiFailure) || thrown.status !== 0 || version === from) throw thrown;
    }
    return version;
  }

  #take(event: unknown): string | undefined {
    const { type, object } = eventSchema.parse(event);
    if (type === 'ERROR') {
      const { code = 0, message = '' } = statusSchema.parse(object);
      throw new ApiFailure(code, `the watch ended with ${code}: ${message}`);
    }
    const { metadata } = head.parse(object);
    if (type === 'DELETED') this.#items.delete(keyOf(metadata));
    else if (type !== 'BOOKMARK') this.#put(this.#items, { ...object, metadata });
    if (type !== 'BOOKMARK') this.#onChange();
    return metadata.resourceVersion;
  }

  /** What is not as its kind is published counts as not there, and so never as healthy. */
  #put(items: Map<string, T>, resource: z.output<typeof head>): void {
    const key = keyOf(resource.metadata);
    try {
      items.set(key, this.#read(resource));
    } catch (thrown) {
      if (!(thrown instanceof z.ZodError)) throw thrown;
      items.delete(key);
    }
  }

  #become(state: FeedState): void {
    this.#state = state;
    this.#onChange();
  }
}

/** After a try that brought nothing longer and longer, with a part left to chance; after a watch that ended in order, hardly. */
async function pause(fruitless: number, { first, most }: Pace, signal: AbortSignal): Promise<void> {
  const longest = fruitless === 0 ? first / 5 : Math.min(most, first * 2 ** (fruitless - 1));
  await sleep(longest * (0.5 + Math.random() / 2), undefined, { signal }).catch(() => {});
}
