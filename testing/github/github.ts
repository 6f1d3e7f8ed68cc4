import { createServer, type AddressInfo } from 'node:net';
import { createEmulator, type Emulator } from 'emulate';
import { FaultProxy } from './fault-proxy.ts';

export const OWNER = 'acme';
export const REPOSITORY = 'porch';
/** Of a person with every right, who is not us. The emulator gives each token 5,000 calls an hour, and a sweep makes more. */
const PERSON_TOKENS = Array.from({ length: 80 }, (_, at) => `token-${at}-of-a-person`);
export const PERSON_TOKEN = PERSON_TOKENS.at(-1) ?? '';
/** Of somebody who may read and comment, and no more. */
export const PASSER_BY = { login: 'passer-by', token: 'token-of-a-passer-by' };
/** Of the same person, for a test to take rights from. */
export const NARROW_TOKEN = PERSON_TOKENS.at(-2) ?? '';
const CALLS_PER_TOKEN = 2000;
const APP_ID = 4711;

export type Github = {
  proxy: FaultProxy;
  app: { id: number; privateKey: string };
  /** Calls the emulator itself as a person would, past the proxy's faults and limits. */
  call: <T>(method: string, path: string, body?: unknown) => Promise<T>;
  /** Calls through the proxy as a person. */
  callProxy: <T>(method: string, path: string, body?: unknown) => Promise<T>;
  /** Calls the emulator itself as whoever has the token. */
  callAs: <T>(token: string, method: string, path: string, body?: unknown) => Promise<T>;
  reset: () => void;
  close: () => Promise<void>;
};

/** The emulator as GitHub, with a repository and an App, behind the fault proxy. */
export async function startGithub(): Promise<Github> {
  const proxy = await FaultProxy.start();
  const port = await freePort();
  const emulator: Emulator = await createEmulator({ service: 'github', port, baseUrl: proxy.url, seed });
  const upstream = `http://127.0.0.1:${port}`;
  proxy.forwardTo(upstream, new Map(PERSON_TOKENS.map((token) => [token, 'dev'])));
  const privateKey = emulator.generatedSecrets.find(({ kind }) => kind === 'github.app_private_key')?.value ?? '';
  return {
    proxy,
    app: { id: APP_ID, privateKey },
    call: caller(upstream),
    callProxy: caller(proxy.url),
    callAs: async (token, method, path, body) => await ask(upstream, token, { method, path, body }),
    reset: () => {
      emulator.reset();
      proxy.clear();
    },
    close: async () => {
      await emulator.close();
      await proxy.close();
    },
  };
}

const seed = {
  tokens: {
    ...Object.fromEntries(PERSON_TOKENS.map((token) => [token, { login: 'dev', scopes: ['repo', 'user'] }])),
    [PASSER_BY.token]: { login: PASSER_BY.login, scopes: ['repo', 'user'] },
  },
  github: {
    users: [
      { login: 'dev', name: 'Dev' },
      { login: PASSER_BY.login, name: 'Passer-by' },
    ],
    orgs: [{ login: OWNER, name: 'Acme', members: [{ login: 'dev', role: 'admin' }] }],
    repos: [{ owner: OWNER, name: REPOSITORY, auto_init: true }],
    apps: [
      {
        app_id: APP_ID,
        slug: 'fieldproof',
        name: 'Fieldproof',
        permissions: {
          checks: 'write',
          contents: 'write',
          deployments: 'write',
          issues: 'write',
          metadata: 'read',
          pull_requests: 'write',
        },
        installations: [{ installation_id: 100, account: OWNER, repository_selection: 'all' }],
      },
    ],
  },
};

let calls = 0;

function caller(base: string): Github['call'] {
  return async (method, path, body) =>
    await ask(base, PERSON_TOKENS[Math.floor(calls++ / CALLS_PER_TOKEN)] ?? '', { method, path, body });
}

async function ask<T>(base: string, token: string, { method, path, body }: Asked): Promise<T> {
  const answer = await fetch(`${base}${path}`, {
    method,
    headers: { authorization: `token ${token}`, 'content-type': 'application/json' },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const text = await answer.text();
  if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${text}`);
  return (text === '' ? null : JSON.parse(text)) as T;
}

type Asked = { method: string; path: string; body?: unknown };

/** The emulator takes no port of the system's choice. */
async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => void server.close(resolve));
  return port;
}
