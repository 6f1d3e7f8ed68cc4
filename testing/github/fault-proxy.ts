import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { CheckRunMemory } from './check-runs.ts';
import { FakeDeployments } from './deployments.ts';
import { strike, strikesAfter, type Answer, type Fault } from './faults.ts';
import { refusalOf } from './limits.ts';
import { forbidden, type Permissions } from './permissions.ts';
import { PullRequestMemory } from './pull-requests.ts';
import { FakeSettings } from './settings.ts';

/** A call as the client made it; `at` counts from 0 since the faults were last set. */
export type Call = { at: number; method: string; path: string };

/**
 * Stands before the emulator: keeps GitHub's limits, which the emulator does not, answers what it lacks, remembers what it
 * forgets, and fails where it is told to.
 */
export class FaultProxy {
  readonly deployments: FakeDeployments;
  readonly checkRuns = new CheckRunMemory();
  readonly pullRequests = new PullRequestMemory();
  readonly settings: FakeSettings;
  readonly calls: Call[] = [];
  readonly url: string;
  readonly #server: Server;
  #upstream = '';
  /** Who signs in with which token. */
  readonly #tokens = new Map<string, string>();
  readonly #limits = new Map<string, Permissions>();
  #plan: (call: Call) => Fault | null = () => null;

  private constructor(server: Server) {
    this.#server = server;
    this.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    this.deployments = new FakeDeployments(this.url);
    this.settings = new FakeSettings(this.url);
    // What is still being asked when the emulator ends gets no answer.
    server.on('request', (request, response) => void this.#handle(request, response).catch(() => response.destroy()));
  }

  /** Begins to listen before there is an emulator, which must know our address for the links it gives. */
  static async start(): Promise<FaultProxy> {
    const server = createServer();
    await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve));
    return new FaultProxy(server);
  }

  forwardTo(upstream: string, tokens: ReadonlyMap<string, string>): void {
    this.#upstream = upstream;
    for (const [token, login] of tokens) this.#tokens.set(token, login);
  }

  /** From now on, the calls that the plan names a fault for meet it. Calls are counted anew. */
  fail(plan: (call: Call) => Fault | null): void {
    this.calls.length = 0;
    this.#plan = plan;
  }

  /** From now on, whoever signs in under this name, or with this token, may do no more than this. */
  limit(who: string, permissions: Permissions): void {
    this.#limits.set(who, permissions);
  }

  clear(): void {
    this.#limits.clear();
    this.settings.clear();
    this.deployments.clear();
    this.checkRuns.clear();
    this.pullRequests.clear();
    this.fail(() => null);
  }

  async close(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => void this.#server.close(resolve));
  }

  async #handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    // As GitHub Enterprise Server has it, too.
    const url = new URL((request.url ?? '/').replace(/^\/api(\/v3)?(?=\/)/, ''), this.url);
    const method = request.method ?? 'GET';
    const text = await readAll(request);
    const call = { at: this.calls.length, method, path: url.pathname };
    this.calls.push(call);
    const fault = this.#plan(call);
    if (fault !== null && !strikesAfter(fault)) return strike(fault, NOTHING, response);
    const answer = await this.#answer({ method, url, text, authorization: request.headers.authorization ?? '' });
    if (fault !== null) return strike(fault, answer, response);
    response.writeHead(answer.status, answer.headers);
    response.end(answer.body);
  }

  async #answer(request: Request): Promise<Answer> {
    const { method, url, text } = request;
    const body: unknown = text === '' ? undefined : JSON.parse(text);
    const refusal = refusalOf(method, url.pathname, body);
    if (refusal !== null) return refusal;
    const token = request.authorization.replace(/^(token|bearer) /i, '');
    const login = this.#tokens.get(token) ?? '';
    const limits = this.#limits.get(token) ?? this.#limits.get(login);
    const no = limits === undefined ? null : forbidden(method, url.pathname, limits);
    if (no !== null) return no;
    if (url.pathname === '/graphql') return asAnswer({ status: 200, body: { data: { viewer: { login } } } });
    const lacked =
      this.deployments.answer(method, url, body) ??
      this.checkRuns.answer(method, url) ??
      this.settings.answer(method, url, token);
    if (lacked !== undefined) return asAnswer(lacked);
    return await this.#forward(request, { method, body, app: login.replace('[bot]', '') });
  }

  async #forward(request: Request, context: { method: string; body: unknown; app: string }): Promise<Answer> {
    const { method, url, text, authorization } = request;
    const answer = await fetch(`${this.#upstream}${url.pathname}${url.search}`, {
      method,
      headers: { authorization, 'content-type': 'application/json' },
      ...(text === '' ? {} : { body: text }),
    });
    const headers = Object.fromEntries(['content-type', 'link'].flatMap((name) => pair(name, answer.headers.get(name))));
    const given = await answer.text();
    if (given === '' || !(headers['content-type'] ?? '').includes('json')) return { status: answer.status, headers, body: given };
    const parsed: unknown = JSON.parse(given);
    const token = (parsed as { token?: unknown } | null)?.token;
    if (typeof token === 'string') this.#tokens.set(token, 'fieldproof[bot]');
    const told = this.settings.complete(url.pathname, this.checkRuns.complete(context, parsed));
    const completed = this.pullRequests.complete(told);
    return { status: answer.status, headers, body: JSON.stringify(completed) };
  }
}

type Request = { method: string; url: URL; text: string; authorization: string };

const NOTHING: Answer = { status: 200, headers: {}, body: '' };

function asAnswer({ status, body, link }: { status: number; body: unknown; link?: string }): Answer {
  const headers = { 'content-type': 'application/json; charset=utf-8', ...(link === undefined ? {} : { link }) };
  return { status, headers, body: JSON.stringify(body) };
}

function pair(name: string, value: string | null): [string, string][] {
  return value === null ? [] : [[name, value]];
}

async function readAll(request: IncomingMessage): Promise<string> {
  const parts: Buffer[] = [];
  for await (const part of request) parts.push(part as Buffer);
  return Buffer.concat(parts).toString('utf8');
}
