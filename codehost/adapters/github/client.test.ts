import { createServer, request, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { CouldNotRun } from '#kernel';
import { startGithub, type Github } from '../../../testing/github/github.ts';
import { clientOptions, seeAll, seedRepository } from '../../../testing/github/world.ts';
import { openGithub } from '../github-code-host.ts';
import type { ClientOptions } from './client.ts';

let github: Github;
beforeAll(async () => {
  github = await startGithub();
});
afterAll(() => github.close());

const comment = { marker: '<!-- fieldproof:client -->', body: '<!-- fieldproof:client --> pass' };

async function upsertComment(rest: Partial<ClientOptions>): Promise<string[]> {
  const seeded = await seedRepository(github);
  const host = await openGithub({ ...clientOptions(github), ...rest });
  for (let n = 0; n < 2; n += 1) await host.comments.upsert({ pullRequest: seeded.pullRequest, ...comment });
  return (await seeAll(github, seeded)).comments.map(({ author }) => author);
}

describe('the client', () => {
  it('signs in as the installation of an App, that is named or looked for', async () => {
    const { id: appId, privateKey } = github.app;
    for (const installation of [null, 100]) {
      expect(await upsertComment({ credentials: { kind: 'app', appId, privateKey, installation } })).toEqual(['fieldproof']);
    }
  });

  it('signs in with a token, and knows by it whose comments are its own', async () => {
    expect(await upsertComment({ credentials: { kind: 'token', token: 'token-1-of-a-person' } })).toEqual(['dev']);
  });

  it('speaks to GitHub Enterprise Server below its own path', async () => {
    const token = { kind: 'token', token: 'token-1-of-a-person' } as const;
    expect(await upsertComment({ apiUrl: `${github.proxy.url}/api/v3/`, credentials: token })).toEqual(['dev']);
  });

  it('goes through the proxy that the environment names, and past it where that says so', async () => {
    const proxy = await forwarder();
    const url = `http://127.0.0.1:${(proxy.server.address() as AddressInfo).port}`;
    expect(await upsertComment({ environment: { http_proxy: url } })).toEqual(['fieldproof']);
    expect(proxy.forwarded()).toBeGreaterThan(0);
    const before = proxy.forwarded();
    expect(await upsertComment({ environment: { HTTP_PROXY: url, NO_PROXY: '127.0.0.1' } })).toEqual(['fieldproof']);
    expect(proxy.forwarded()).toBe(before);
    proxy.server.closeAllConnections();
    proxy.server.close();
  });

  it('waits as long as it is asked to, and no longer than a runner should', async () => {
    const { pullRequest } = await seedRepository(github);
    const waits: number[] = [];
    const sleep = (milliseconds: number) => Promise.resolve(void waits.push(milliseconds));
    const host = await openGithub({ ...clientOptions(github), sleep });
    github.proxy.fail(({ at }) => (at === 1 ? 'secondary limit' : at === 3 ? 'too many, no time named' : null));
    await host.comments.upsert({ pullRequest, ...comment });
    expect(waits).toEqual([1000, 60_000]);
    const later = { ...clientOptions(github), sleep, now: () => Date.now() - 3_600_000 };
    const other = await openGithub(later);
    github.proxy.fail(() => 'used up');
    const refused = await other.comments.upsert({ pullRequest, ...comment }).catch((thrown: unknown) => thrown);
    expect(refused).toBeInstanceOf(CouldNotRun);
    expect(String(refused)).toMatch(/the rate limit is used up\n {2}remedy: run again after \d{4}-/);
    expect(waits).toHaveLength(2);
  });

  it('spaces its writes as GitHub asks, and leaves limits to the same patience', async () => {
    const waits: number[] = [];
    const sleep = (milliseconds: number) => Promise.resolve(void waits.push(milliseconds));
    const seeded = await seedRepository(github);
    const host = await openGithub({ ...clientOptions(github), sleep, paced: true });
    github.proxy.fail(({ method }) => (method === 'POST' && waits.length === 0 ? 'secondary limit' : null));
    const since = performance.now();
    await host.comments.upsert({ pullRequest: seeded.pullRequest, ...comment });
    await host.comments.upsert({ pullRequest: seeded.pullRequest, ...comment, body: `${comment.body}, then fail` });
    expect(waits).toEqual([1000]);
    expect(performance.now() - since).toBeGreaterThan(950);
    expect((await seeAll(github, seeded)).comments).toMatchObject([{ body: `${comment.body}, then fail` }]);
  });

  it('gives up on a host that never answers, with a remedy and without what it signed in with', async () => {
    const { pullRequest } = await seedRepository(github);
    const token = 'token-1-of-a-person';
    const host = await openGithub({ ...clientOptions(github), credentials: { kind: 'token', token } });
    for (const fault of ['cut before', 'server error', 'half a body after'] as const) {
      github.proxy.fail(() => fault);
      const refused = await host.comments.upsert({ pullRequest, ...comment }).catch((thrown: unknown) => thrown);
      expect(refused).toBeInstanceOf(CouldNotRun);
      expect(String(refused)).toMatch(/could not comment on pull request \d+: .*\n {2}remedy: run again/);
      expect(String(refused)).not.toContain(token);
    }
    github.proxy.fail(() => null);
  });
});

/** A proxy as companies have it, for addresses without TLS: it forwards what names its whole address, and counts. */
async function forwarder(): Promise<{ server: Server; forwarded: () => number }> {
  let count = 0;
  const server = createServer((incoming, outgoing) => {
    count += 1;
    const { method, headers, url = '' } = incoming;
    const upstream = request(url, { method, headers }, (answer) => {
      outgoing.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.pipe(outgoing);
    });
    upstream.on('error', () => outgoing.destroy());
    incoming.pipe(upstream);
  });
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve));
  return { server, forwarded: () => count };
}
