import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { mergePatch, selection, type Prefix, type Stored } from '../api-semantics.ts';

type Watch = { prefix: Prefix; selects: (resource: Stored) => boolean; response: ServerResponse };
type Event = { type: 'ADDED' | 'MODIFIED' | 'DELETED'; collection: string; version: number; object: Stored };

/**
 * An API server over real HTTP: lists, watches and merge patches of whatever is put into it, with resource versions as
 * Kubernetes has them, and the faults that real ones have. It runs no controller: tests write what controllers would.
 */
export class FakeApiServer {
  #server: Server | null = null;
  #port = 0;
  #version = 100;
  #forgotten = 0;
  #token: string | null = null;
  readonly #objects = new Map<string, Map<string, Stored>>();
  readonly #history: Event[] = [];
  readonly #watches = new Set<Watch>();
  readonly #sockets = new Set<Socket>();
  /** Paths (with query) of all requests that arrived, in order. */
  readonly requests: string[] = [];
  /** Statuses with which the next requests for a collection are refused, one each. */
  readonly refusals = new Map<string, number[]>();
  /** Collections whose lists are answered only once these are over. */
  readonly held = new Map<string, Promise<void>>();

  get url(): string {
    return `http://127.0.0.1:${this.#port}`;
  }

  /** Watches that are open now. */
  get watching(): number {
    return this.#watches.size;
  }

  async start(): Promise<this> {
    const server = createServer((request, response) => void this.#answer(request, response));
    server.on('connection', (socket) => {
      this.#sockets.add(socket);
      socket.once('close', () => this.#sockets.delete(socket));
    });
    await new Promise<void>((ready) => server.listen(this.#port, '127.0.0.1', ready));
    this.#port = (server.address() as AddressInfo).port;
    this.#server = server;
    return this;
  }

  /** Goes away, with every connection; `start` brings it back at the same address, with what it held. */
  async stop(): Promise<void> {
    const server = this.#server;
    this.#server = null;
    this.dropConnections();
    if (server !== null) await new Promise((closed) => server.close(closed));
  }

  /** As a line does that breaks: no answer is finished. */
  dropConnections(): void {
    this.#watches.clear();
    for (const socket of this.#sockets) socket.destroy();
  }

  /** Ends every watch as a server does whose lease is over. */
  endWatches(): void {
    for (const { response } of this.#watches) response.end();
    this.#watches.clear();
  }

  /** Forgets all versions until now, so that who goes on from one of them is told 410. */
  compact(): void {
    this.#forgotten = this.#version;
  }

  /** Only this bearer token is let in from now on; watches that are open stay open, as they do. */
  requireToken(token: string): void {
    this.#token = token;
  }

  /** Creates or replaces. */
  put(collection: string, resource: unknown): void {
    const given = resource as Stored;
    const there = this.#collection(collection);
    const key = `${given.metadata.namespace}/${given.metadata.name}`;
    const type = there.has(key) ? 'MODIFIED' : 'ADDED';
    this.#version += 1;
    const object = { ...given, metadata: { ...given.metadata, resourceVersion: String(this.#version) } };
    there.set(key, object);
    this.#tell({ type, collection, version: this.#version, object });
  }

  get(collection: string, namespace: string, name: string): Stored | undefined {
    return this.#objects.get(collection)?.get(`${namespace}/${name}`);
  }

  delete(collection: string, namespace: string, name: string): void {
    const object = this.get(collection, namespace, name);
    if (object === undefined) return;
    this.#objects.get(collection)?.delete(`${namespace}/${name}`);
    this.#version += 1;
    const gone = { ...object, metadata: { ...object.metadata, resourceVersion: String(this.#version) } };
    this.#tell({ type: 'DELETED', collection, version: this.#version, object: gone });
  }

  /** Tells every watch which version it has come to, and nothing else. */
  bookmark(): void {
    this.#version += 1;
    const object = { metadata: { resourceVersion: String(this.#version) } };
    for (const { response } of this.#watches) response.write(`${JSON.stringify({ type: 'BOOKMARK', object })}\n`);
  }

  #collection(name: string): Map<string, Stored> {
    const there = this.#objects.get(name) ?? new Map<string, Stored>();
    this.#objects.set(name, there);
    return there;
  }

  #tell(event: Event): void {
    this.#history.push(event);
    for (const watch of this.#watches) send(watch, event);
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(request.url ?? '/', this.url);
    this.requests.push(`${request.method} ${url.pathname}${url.search}`);
    if (this.#token !== null && request.headers.authorization !== `Bearer ${this.#token}`)
      return refuse(response, 401, 'Unauthorized');
    const [, before = '', namespace = null, collection = '', name = null] =
      /^(\/apis?\/[^/]+(?:\/v[^/]+)?)(?:\/namespaces\/([^/]+))?\/([a-z]+)(?:\/([^/]+))?$/.exec(url.pathname) ?? [];
    const refusal = this.refusals.get(collection)?.shift();
    if (before === '' || refusal !== undefined) return refuse(response, refusal ?? 404, `the server refuses ${collection}`);
    if (request.method === 'PATCH') return this.#patch(collection, `${namespace}/${name}`, await bodyOf(request), response);
    const prefix = { collection, namespace };
    if (url.searchParams.get('watch') === 'true') return this.#watch(prefix, url.searchParams, response);
    await this.held.get(collection);
    this.#list(prefix, url.searchParams, response);
  }

  /** In pages of `limit`, with a token that says where to go on. */
  #list(prefix: Prefix, query: URLSearchParams, response: ServerResponse): void {
    const selects = selection(prefix, query);
    const all = [...this.#collection(prefix.collection).values()].filter((resource) => selects(resource));
    const from = Number(query.get('continue') ?? 0);
    const to = from + Number(query.get('limit') ?? all.length);
    const metadata = { resourceVersion: String(this.#version), ...(to < all.length ? { continue: String(to) } : {}) };
    response
      .setHeader('content-type', 'application/json')
      .end(JSON.stringify({ kind: 'List', metadata, items: all.slice(from, to) }));
  }

  #watch(prefix: Prefix, query: URLSearchParams, response: ServerResponse): void {
    const from = Number(query.get('resourceVersion'));
    response.setHeader('content-type', 'application/json');
    if (from < this.#forgotten) {
      const object = { kind: 'Status', code: 410, reason: 'Expired', message: `too old resource version: ${from}` };
      response.end(`${JSON.stringify({ type: 'ERROR', object })}\n`);
      return;
    }
    response.flushHeaders();
    const watch = { prefix, selects: selection(prefix, query), response };
    for (const event of this.#history) if (event.version > from) send(watch, event);
    this.#watches.add(watch);
    response.once('close', () => this.#watches.delete(watch));
  }

  #patch(collection: string, key: string, patch: unknown, response: ServerResponse): void {
    const object = this.#collection(collection).get(key);
    if (object === undefined) return refuse(response, 404, `${collection} "${key}" not found`);
    const merged = mergePatch(object, patch) as Stored;
    this.put(collection, merged);
    response.setHeader('content-type', 'application/json').end(JSON.stringify(merged));
  }
}

/** A kubeconfig of contexts, each a cluster of its own, all with one user. */
export function kubeconfigOf(clusters: Readonly<Record<string, string>>, token = 'a-token'): string {
  const entries = Object.entries(clusters);
  return JSON.stringify({
    apiVersion: 'v1',
    kind: 'Config',
    clusters: entries.map(([name, server]) => ({ name, cluster: { server } })),
    users: [{ name: 'watcher', user: { token } }],
    contexts: entries.map(([name]) => ({ name, context: { cluster: name, user: 'watcher' } })),
    'current-context': entries[0]?.[0],
  });
}

function send({ prefix, selects, response }: Watch, { type, collection, object }: Event): void {
  if (collection === prefix.collection && selects(object)) response.write(`${JSON.stringify({ type, object })}\n`);
}

async function bodyOf(request: IncomingMessage): Promise<unknown> {
  const chunks: Buffer[] = [];
  for await (const chunk of request as AsyncIterable<Buffer>) chunks.push(chunk);
  return JSON.parse(Buffer.concat(chunks).toString('utf8'));
}

function refuse(response: ServerResponse, code: number, message: string): void {
  response.writeHead(code, { 'content-type': 'application/json' }).end(JSON.stringify({ kind: 'Status', code, message }));
}
