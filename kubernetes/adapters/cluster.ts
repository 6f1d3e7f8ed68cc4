import type { ApiConnection } from './api-connection.ts';
import { ResourceFeed, type Pace, type Selection } from './resource-feed.ts';

export type ClusterOptions = { connection: ApiConnection; pace: Pace; onChange: () => void; onFault: (thrown: unknown) => void };

/** One cluster while it is watched: one feed for each selection, however many look at it, and what was asked of controllers. */
export class Cluster {
  readonly #options: ClusterOptions;
  readonly #feeds = new Map<string, ResourceFeed<unknown>>();
  readonly #requests = new Map<string, Request>();
  readonly #end = new AbortController();

  constructor(options: ClusterOptions) {
    this.#options = options;
  }

  get server(): string {
    return this.#options.connection.server;
  }

  /** The same feed for the same selection; it begins with its first reader. */
  feed<T>(selection: Selection, read: (resource: unknown) => T): ResourceFeed<T> {
    const key = JSON.stringify([selection.path, selection.query]);
    const there = this.#feeds.get(key);
    if (there !== undefined) return there as ResourceFeed<T>;
    const { connection, pace, onChange, onFault } = this.#options;
    const feed = new ResourceFeed(connection, selection, { read, onChange, pace });
    this.#feeds.set(key, feed);
    void feed.run(this.#end.signal).catch(onFault);
    return feed;
  }

  /**
   * Asks the controller of an object to look at it now, once however many ask. One that may not be asked, by our rights or
   * its cluster's, comes to it by itself: nothing waits for this.
   */
  ask(path: string, annotations: Readonly<Record<string, string>>): void {
    if (this.#requests.has(path)) return;
    const request: Request = { annotations, taken: false };
    this.#requests.set(path, request);
    const call = { path, query: { fieldManager: 'fieldproof' }, body: { metadata: { annotations } }, signal: this.#end.signal };
    void this.#options.connection.patch(call).then(
      () => (request.taken = true),
      () => {},
    );
  }

  /** What was asked of an object, where the API server took it. */
  asked(path: string): Readonly<Record<string, string>> | null {
    const request = this.#requests.get(path);
    return request?.taken === true ? request.annotations : null;
  }

  close(): void {
    this.#end.abort();
  }
}

type Request = { annotations: Readonly<Record<string, string>>; taken: boolean };
