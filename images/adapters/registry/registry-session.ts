import type { Readable } from 'node:stream';
import { CouldNotRun, reasonOf } from '#kernel';
import type { Dispatcher } from 'undici';
import { z } from 'zod';
import { isThisMachine, parseChallenge, type Challenge, type Reference } from '../../reference.ts';

export type Credentials = { username: string; password: string };
export type Answer = Dispatcher.ResponseData;

export type Call = {
  method: 'HEAD' | 'GET' | 'POST' | 'PUT';
  /** Below the registry's origin, or a whole URL that it gave. */
  path: string;
  headers?: Record<string, string>;
  /** Made anew for every try. */
  body?: () => Readable | string;
  /** Status codes that are an answer; every other one is an error. */
  expect: readonly number[];
};

const tokenSchema = z.object({ token: z.string().optional(), access_token: z.string().optional() });
const MOST_REDIRECTS = 5;
const LONGEST_WAIT = 300_000;

/** Calls to one repository of a registry, with whatever proof of identity it asks for. */
export class RegistrySession {
  readonly #reference: Reference;
  readonly #credentials: Credentials | undefined;
  readonly #signal: AbortSignal | undefined;
  #authorization: string | undefined;

  constructor(reference: Reference, credentials?: Credentials, signal?: AbortSignal) {
    this.#reference = reference;
    this.#credentials = credentials;
    this.#signal = signal;
  }

  get origin(): string {
    return this.#reference.origin;
  }

  /** @throws CouldNotRun when the registry does not answer, refuses, or answers what was not expected */
  async call(call: Call): Promise<Answer> {
    const url = new URL(call.path, this.#reference.origin);
    let answer = await this.#send(call, url);
    if (answer.statusCode === 401) {
      await answer.body.dump();
      this.#authorization = await this.#authorize(parseChallenge(String(answer.headers['www-authenticate'] ?? '')));
      answer = await this.#send(call, url);
    }
    if (call.expect.includes(answer.statusCode)) return answer;
    throw await this.#unexpected(call, answer);
  }

  async #send(call: Call, start: URL): Promise<Answer> {
    let url = start;
    for (let redirects = 0; ; redirects += 1) {
      const answer = await this.#sendOnce(call, url);
      const to = answer.headers.location;
      if (call.method !== 'GET' || ![301, 302, 303, 307, 308].includes(answer.statusCode) || typeof to !== 'string')
        return answer;
      await answer.body.dump();
      if (redirects === MOST_REDIRECTS) throw this.#problem('redirects without end', 'ask who runs the registry');
      url = new URL(to, url);
    }
  }

  async #sendOnce({ method, headers, body }: Call, url: URL): Promise<Answer> {
    this.#checkEncrypted(url);
    // A blob may be kept elsewhere, and elsewhere must not learn who asks.
    const ours = url.origin === new URL(this.#reference.origin).origin;
    const proof = ours && this.#authorization !== undefined ? { authorization: this.#authorization } : {};
    const { request } = await import('undici');
    try {
      return await request(url, {
        method,
        headers: { ...headers, ...proof },
        body: body?.() ?? null,
        signal: this.#signal ?? null,
        headersTimeout: LONGEST_WAIT,
        bodyTimeout: LONGEST_WAIT,
      });
    } catch (error) {
      this.#signal?.throwIfAborted();
      if (error instanceof CouldNotRun) throw error;
      throw this.#problem(`the registry does not answer: ${reasonOf(error)}`, 'check its address and that it is up', error);
    }
  }

  async #authorize(challenge: Challenge): Promise<string> {
    const known = this.#credentials;
    const basic = known && `Basic ${Buffer.from(`${known.username}:${known.password}`).toString('base64')}`;
    if (challenge.scheme === 'basic' && basic !== undefined) return basic;
    if (challenge.scheme !== 'bearer') throw this.#problem('the registry wants to know who asks', 'log in to it');
    const realm = new URL(challenge.realm);
    this.#checkEncrypted(realm);
    if (challenge.service !== null) realm.searchParams.set('service', challenge.service);
    realm.searchParams.set('scope', challenge.scope ?? `repository:${this.#reference.repository}:pull,push`);
    const { request } = await import('undici');
    const answer = await request(realm, {
      headers: basic === undefined ? {} : { authorization: basic },
      signal: this.#signal ?? null,
    });
    const { success, data } = tokenSchema.safeParse(await answer.body.json().catch(() => undefined));
    const token = success ? (data.token ?? data.access_token) : undefined;
    if (answer.statusCode === 200 && token !== undefined) return `Bearer ${token}`;
    throw this.#problem(`the registry gave no token (${answer.statusCode} from ${realm.host})`, 'log in to it');
  }

  #checkEncrypted(url: URL): void {
    const local = isThisMachine(this.#reference.host) && isThisMachine(url.host);
    if (url.protocol === 'https:' || (url.protocol === 'http:' && local)) return;
    throw this.#problem(`leads to ${url.protocol}//${url.host}, which is not encrypted`, 'ask who runs the registry');
  }

  async #unexpected({ method, path }: Call, answer: Answer): Promise<CouldNotRun> {
    const said = (await answer.body.text().catch(() => '')).slice(0, 300);
    if (answer.statusCode === 401 || answer.statusCode === 403) {
      return this.#problem(`the registry refuses (${answer.statusCode}): ${said}`, 'log in with an account that may do this');
    }
    if (answer.statusCode === 404)
      return this.#problem('the registry has no such image', 'push it first, or correct the reference');
    const message = `the registry answered ${answer.statusCode} to ${method} ${path.split('?')[0]}: ${said}`;
    return this.#problem(message, 'try again; if it stays so, look into its log');
  }

  #problem(message: string, remedy: string, cause?: unknown): CouldNotRun {
    const { host, repository, digest } = this.#reference;
    return new CouldNotRun({ file: `${host}/${repository}${digest ? `@${digest}` : ''}`, message, remedy }, { cause });
  }
}
