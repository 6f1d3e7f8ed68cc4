import { request, type IncomingHttpHeaders } from 'node:http';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { SiteFile } from '../site.ts';
import { servePages, type Serving } from './serve-pages.ts';

const page: SiteFile = { path: 'index.html', type: 'html', text: '<!doctype html>here' };
const find = (path: string) =>
  path === 'broken.html' ? Promise.reject(new Error('no')) : Promise.resolve(path === page.path ? page : null);

type Answer = { status: number; headers: IncomingHttpHeaders; text: string };

function ask(
  url: string,
  { method = 'GET', path = '/', host }: { method?: string; path?: string; host?: string } = {},
): Promise<Answer> {
  const { hostname, port, host: own } = new URL(url);
  return new Promise((done, fail) => {
    const asked = request({ hostname, port, path, method, headers: { host: host ?? own } }, (response) => {
      let text = '';
      response.setEncoding('utf8').on('data', (part: string) => void (text += part));
      response.on('end', () => done({ status: response.statusCode ?? 0, headers: response.headers, text }));
    });
    asked.on('error', fail).end();
  });
}

describe('the server of a dashboard', () => {
  let serving: Serving;
  let port = '';
  beforeAll(async () => {
    serving = await servePages(find, { address: '127.0.0.1', port: 0, hosts: ['board.acme.example'] });
    port = new URL(serving.url).port;
  });
  afterAll(async () => await serving.stop());

  it('shows a page, which may run nothing of its own, be framed by none and be loaded into none', async () => {
    const { status, headers, text } = await ask(serving.url);
    expect([status, text]).toEqual([200, page.text]);
    expect(headers['content-security-policy']).toMatch(/default-src 'none'.*frame-ancestors 'none'/);
    expect(headers).toMatchObject({
      'x-content-type-options': 'nosniff',
      'cross-origin-resource-policy': 'same-origin',
      'cache-control': 'no-store',
    });
    expect(headers['access-control-allow-origin']).toBeUndefined();
  });

  it.each([
    ['127.0.0.1', 200],
    ['localhost', 200],
    ['board.acme.example', 200],
    ['evil.example', 421],
    ['127.0.0.1.evil.example', 421],
    ['board.acme.example.evil.example', 421],
  ])('answers who asks for %s with %i: a name of a stranger that leads here is refused', async (name, status) => {
    expect((await ask(serving.url, { host: `${name}:${port}` })).status).toBe(status);
  });

  it('refuses another port, and an address without one', async () => {
    expect((await ask(serving.url, { host: '127.0.0.1:1' })).status).toBe(421);
    expect((await ask(serving.url, { host: '127.0.0.1' })).status).toBe(421);
  });

  it.each(['POST', 'PUT', 'DELETE', 'PATCH', 'OPTIONS'])('only shows: %s is refused', async (method) => {
    expect((await ask(serving.url, { method })).status).toBe(405);
  });

  it.each(['/nowhere.html', '/../../etc/passwd', '/%2e%2e/%2e%2e/etc/passwd', '/%', '//evil.example/index.html'])(
    'has nothing at %s',
    async (path) => {
      expect((await ask(serving.url, { path })).status).toBe(404);
    },
  );

  it('goes on after a page that could not be made', async () => {
    expect((await ask(serving.url, { path: '/broken.html' })).status).toBe(500);
    expect((await ask(serving.url)).status).toBe(200);
  });

  it('says where nothing can listen', async () => {
    await expect(servePages(find, { address: '127.0.0.1', port: Number(port), hosts: [] })).rejects.toThrow(
      /something else listens there/,
    );
  });
});
