import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { reasonOf } from '#kernel';
import { composeImages } from './compose-images.ts';

const home = mkdtempSync(path.join(tmpdir(), 'fieldproof-login-'));
const asked: string[] = [];
const server = createServer((request, response) => {
  asked.push(request.headers.authorization ?? 'nobody');
  const status = request.headers.authorization === undefined ? 401 : 404;
  response.writeHead(status, status === 401 ? { 'www-authenticate': 'Basic realm="here"' } : {}).end();
});
beforeAll(() => new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve)));
afterAll(() => {
  server.close();
  rmSync(home, { recursive: true });
});

/** Pulls an image that is not there, as whoever `docker login` made us. */
async function pull(config: string, env: (folder: string) => Record<string, string>): Promise<string> {
  asked.length = 0;
  const folder = path.join(home, '.docker');
  mkdirSync(folder, { recursive: true });
  writeFileSync(path.join(folder, 'config.json'), config);
  const terminal = { env: env(folder) } as unknown as Parameters<typeof composeImages>[0];
  const { registry } = composeImages(terminal);
  const host = `127.0.0.1:${(server.address() as AddressInfo).port}`;
  const thrown: unknown = await registry.pull(`${host}/acme/porch@sha256:${'0'.repeat(64)}`).catch((error: unknown) => error);
  return `${asked.join(', ')}: ${reasonOf(thrown).includes('no such image') ? 'heard' : 'refused'}`;
}

it('speaks to a registry as whom docker login left, and to no other host', async () => {
  const host = `127.0.0.1:${(server.address() as AddressInfo).port}`;
  const login = JSON.stringify({ auths: { [host]: { auth: Buffer.from('me:se:cret').toString('base64') } } });
  const basic = `Basic ${Buffer.from('me:se:cret').toString('base64')}`;
  expect(await pull(login, () => ({ HOME: home }))).toBe(`nobody, ${basic}: heard`);
  expect(await pull(login, (folder) => ({ DOCKER_CONFIG: folder, HOME: '/nowhere' }))).toBe(`nobody, ${basic}: heard`);
  expect(await pull(login.replace(host, 'other.example'), () => ({ HOME: home }))).toBe('nobody: refused');
  expect(await pull(JSON.stringify({ credsStore: 'desktop', auths: { [host]: {} } }), () => ({ HOME: home }))).toBe(
    'nobody: refused',
  );
  expect(await pull('no JSON', () => ({}))).toBe('nobody: refused');
});
