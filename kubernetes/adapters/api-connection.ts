import * as http from 'node:http';
import * as https from 'node:https';
import type { KubeConfig } from '@kubernetes/client-node';
import { CouldNotRun, reasonOf } from '#kernel';
import type { ApiCalls } from './api-calls.ts';
import type { KubeconfigFiles } from './kubeconfig.ts';
import { jsonLines } from './json-lines.ts';

/** What an API server answered instead of what was asked for; status 0 where nothing answered at all. */
export class ApiFailure extends Error {
  readonly status: number;

  constructor(status: number, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'ApiFailure';
    this.status = status;
  }
}

/** Milliseconds in which a server must begin to answer, and after which a body that has fallen silent is given up. */
export type Patience = { answer: number; silence: number };

/** A server sends a bookmark about once a minute to a watch that asks for them: silence for longer is a line that is dead. */
export const PATIENCE: Patience = { answer: 15_000, silence: 100_000 };

type Call = {
  method: 'GET' | 'PATCH';
  path: string;
  query?: Readonly<Record<string, string>>;
  body?: unknown;
  signal: AbortSignal;
};

const MOST_BYTES = 256 * 1024 * 1024;

/**
 * One cluster's API server by a context of the kubeconfig. Certificates, tokens, credential plug-ins and proxies are
 * client-node's; requests are our own, because its generated clients build a model of every object, and its Watch a new
 * connection pool for every call. A 401 reads the kubeconfig anew: tokens expire.
 */
export class ApiConnection {
  readonly #kubeconfig: KubeconfigFiles;
  readonly #context: string | null;
  readonly #calls: ApiCalls;
  readonly #patience: Patience;
  #config: KubeConfig;

  /** @throws CouldNotRun when there is no such context */
  constructor(kubeconfig: KubeconfigFiles, context: string | null, { calls, patience }: { calls: ApiCalls; patience: Patience }) {
    this.#kubeconfig = kubeconfig;
    this.#context = context;
    this.#calls = calls;
    this.#patience = patience;
    this.#config = kubeconfig.context(context);
  }

  /** As messages name it. */
  get server(): string {
    return this.#config.getCurrentCluster()?.server ?? 'the API server';
  }

  /** @throws ApiFailure */
  async json(call: Omit<Call, 'method'>): Promise<unknown> {
    return await readJson(await this.#send({ ...call, method: 'GET' }, 'list'));
  }

  /** A JSON merge patch. @throws ApiFailure */
  async patch(call: Omit<Call, 'method'>): Promise<void> {
    await readJson(await this.#send({ ...call, method: 'PATCH' }, 'patch'));
  }

  /**
   * Resolves when the server has begun to answer; then whatever it sends, line by line, until it or the signal ends it.
   * @throws ApiFailure, then and later
   */
  async follow(call: Omit<Call, 'method'>): Promise<AsyncIterable<unknown>> {
    return linesOf(await this.#send({ ...call, method: 'GET' }, 'watch'), this.server);
  }

  async #send(call: Call, kind: keyof ApiCalls): Promise<http.IncomingMessage> {
    this.#calls[kind] += 1;
    const response = await this.#request(call).catch((cause: unknown) => {
      if (cause instanceof CouldNotRun) throw cause;
      throw new ApiFailure(0, `${this.server} does not answer: ${reasonOf(cause)}`, { cause });
    });
    const { statusCode: status = 0 } = response;
    if (status >= 200 && status < 300) return response;
    const words = await statusWords(response);
    if (status === 401) this.#renew();
    throw new ApiFailure(status, `${this.server} answers ${status}: ${words}`);
  }

  /** A kubeconfig that is just being written is none: the next 401 tries again. */
  #renew(): void {
    try {
      this.#config = this.#kubeconfig.context(this.#context, { anew: true });
    } catch (thrown) {
      if (!(thrown instanceof CouldNotRun)) throw thrown;
    }
  }

  async #request({ method, path, query, body, signal }: Call): Promise<http.IncomingMessage> {
    const url = new URL(this.server.replace(/\/$/, '') + path);
    for (const [key, value] of Object.entries(query ?? {})) url.searchParams.set(key, value);
    const options: https.RequestOptions = {};
    await this.#config.applyToHTTPSOptions(options);
    const text = body === undefined ? undefined : JSON.stringify(body);
    const headers = {
      ...(options.headers as Record<string, string> | undefined),
      accept: 'application/json',
      ...(text === undefined
        ? {}
        : { 'content-type': 'application/merge-patch+json', 'content-length': Buffer.byteLength(text) }),
    };
    const { request } = url.protocol === 'http:' ? http : https;
    return await new Promise((answer, fail) => {
      const sent = request(url, { ...options, method, headers, signal }, (response) => {
        sent.setTimeout(0);
        const { silence } = this.#patience;
        response.setTimeout(silence, () => response.destroy(new Error(`silent for ${silence / 1000} s`)));
        answer(response);
      });
      sent.setTimeout(this.#patience.answer, () => sent.destroy(new Error(`no answer in ${this.#patience.answer / 1000} s`)));
      sent.on('error', fail);
      sent.end(text);
    });
  }
}

async function* linesOf(response: http.IncomingMessage, server: string): AsyncGenerator {
  try {
    yield* jsonLines(response);
  } catch (cause) {
    throw new ApiFailure(0, `${server}: ${reasonOf(cause)}`, { cause });
  }
}

async function readText(response: http.IncomingMessage, most: number): Promise<string> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of response as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > most) throw new Error(`its answer is larger than ${most} bytes`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}

async function readJson(response: http.IncomingMessage): Promise<unknown> {
  try {
    return JSON.parse(await readText(response, MOST_BYTES));
  } catch (cause) {
    throw new ApiFailure(0, `its answer broke off: ${reasonOf(cause)}`, { cause });
  }
}

/** The message of the Status that an API server sends with a refusal; a proxy before it sends what it likes. */
async function statusWords(response: http.IncomingMessage): Promise<string> {
  const text = await readText(response, 1024 * 1024).catch(() => '');
  try {
    const status: unknown = JSON.parse(text);
    if (status !== null && typeof status === 'object' && 'message' in status) return String(status.message).slice(0, 500);
  } catch {
    // Not JSON: shown as it is.
  }
  return text.replaceAll(/\s+/g, ' ').slice(0, 200) || (response.statusMessage ?? '');
}
