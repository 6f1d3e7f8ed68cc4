import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { CouldNotRun, reasonOf } from '#kernel';
import { POLICY } from '../page.ts';
import type { SiteFile } from '../site.ts';

export type Serving = { url: string; stop: () => Promise<void> };

/** `hosts`: names under which it may be asked for, beside those of this machine's loopback. */
export type ServeOptions = { address: string; port: number; hosts: readonly string[] };

const TYPES = { html: 'text/html; charset=utf-8', css: 'text/css; charset=utf-8', js: 'text/javascript; charset=utf-8' } as const;

/** No page is kept by a browser, framed by another page, loaded into one, or told where a link leads. */
const HEADERS = {
  'content-security-policy': `${POLICY}; frame-ancestors 'none'`,
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
  'cross-origin-resource-policy': 'same-origin',
  'cross-origin-opener-policy': 'same-origin',
  'cache-control': 'no-store',
} as const;

/**
 * Serves pages, and nothing else can be done: it reads. A page of a stranger that has its name lead to this machine asks under
 * that name, and is refused.
 */
export async function servePages(find: (path: string) => Promise<SiteFile | null>, options: ServeOptions): Promise<Serving> {
  const server = createServer((request, response) => void answer(request, response, find, () => namesOf(server, options)));
  await new Promise<void>((ready, fail) => {
    server.once('error', (cause: NodeJS.ErrnoException) => fail(cannotListen(options, cause)));
    server.listen(options.port, options.address, ready);
  });
  const { address, port, family } = server.address() as AddressInfo;
  return {
    url: `http://${family === 'IPv6' ? `[${address}]` : address}:${port}/`,
    stop: async () => {
      server.closeAllConnections();
      await new Promise((closed) => server.close(closed));
    },
  };
}

async function answer(
  { method, url = '/', headers }: IncomingMessage,
  response: ServerResponse,
  find: (path: string) => Promise<SiteFile | null>,
  names: () => ReadonlySet<string>,
): Promise<void> {
  const say = (status: number, type: string, text: string, more: Readonly<Record<string, string>> = {}) => {
    response.writeHead(status, { ...HEADERS, ...more, 'content-type': type });
    response.end(method === 'HEAD' ? undefined : text);
  };
  const plain = (status: number, text: string) => say(status, 'text/plain; charset=utf-8', `${text}\n`);
  if (!names().has((headers.host ?? '').toLowerCase()))
    return plain(421, 'This address is not one that the dashboard is asked under.');
  if (method !== 'GET' && method !== 'HEAD') return plain(405, 'The dashboard only shows.');
  try {
    const path = pathOf(url);
    const file = path === null ? null : await find(path);
    if (file === null) plain(404, 'There is nothing here. Begin at the overview: /');
    else say(200, TYPES[file.type], file.text, file.type === 'html' ? {} : { 'cache-control': 'private, max-age=300' });
  } catch (thrown) {
    plain(500, thrown instanceof CouldNotRun ? thrown.message : `This is a fault of Fieldproof: ${reasonOf(thrown)}`);
  }
}

function pathOf(url: string): string | null {
  try {
    const [path = ''] = url.split(/[?#]/);
    return path === '/' ? 'index.html' : decodeURIComponent(path).slice(1);
  } catch {
    return null;
  }
}

function namesOf(server: Server, { hosts, address }: ServeOptions): ReadonlySet<string> {
  const { port } = server.address() as AddressInfo;
  const own = isLoopback(address) ? ['127.0.0.1', 'localhost', '[::1]'] : [];
  return new Set(
    [...own, ...hosts].flatMap((name) => [`${name.toLowerCase()}:${port}`, ...(port === 80 ? [name.toLowerCase()] : [])]),
  );
}

function isLoopback(address: string): boolean {
  return address === 'localhost' || address === '::1' || /^127\.\d+\.\d+\.\d+$/.test(address);
}

function cannotListen({ address, port }: ServeOptions, cause: NodeJS.ErrnoException): CouldNotRun {
  const message = cause.code === 'EADDRINUSE' ? 'something else listens there' : `cannot be listened on: ${reasonOf(cause)}`;
  return new CouldNotRun(
    { file: `${address}:${port}`, message, remedy: 'choose another with --port; 0 takes any that is free' },
    { cause },
  );
}
