import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { OWNER, REPOSITORY, startGithub, type Github } from '../../testing/github/github.ts';
import { faults } from '../../testing/github/faults.ts';
import { clientOptions, seedRepository } from '../../testing/github/world.ts';
import { blurredPictures } from './blurred-pictures.ts';
import { bucketPictures } from './bucket-pictures.ts';
import { openReports } from './bucket-reports.ts';
import { openGithubPictures } from './github-code-host.ts';

const one = Buffer.from([0xff, 0xd8, 1]);
const two = Buffer.from([0xff, 0xd8, 2, 0]);

describe('pictures on a branch', () => {
  let github: Github;
  beforeAll(async () => {
    github = await startGithub();
  });
  afterAll(() => github.close());
  const at = `/repos/${OWNER}/${REPOSITORY}/git`;
  const store = () => openGithubPictures({ ...clientOptions(github), webUrl: 'https://github.example' });
  const tip = () => github.call<{ object: { sha: string } }>('GET', `${at}/ref/heads/fieldproof/pictures`);
  const commit = (sha: string) => github.call<{ parents: unknown[]; tree: { sha: string } }>('GET', `${at}/commits/${sha}`);

  it('are committed once, on a history of their own, and linked by commit', async () => {
    await seedRepository(github);
    const urls = await (await store()).put([one, two, one]);
    const first = (await tip()).object.sha;
    expect((await commit(first)).parents).toEqual([]);
    expect(urls[0]).toMatch(
      new RegExp(`^https://github\\.example/${OWNER}/${REPOSITORY}/blob/${first}/[0-9a-f]{2}/[0-9a-f]{64}\\.jpg\\?raw=true$`),
    );
    expect(urls[2]).toBe(urls[0]);
    expect(await (await store()).put([two])).toEqual([urls[1]]);
    await (await store()).put([Buffer.from([0xff, 0xd8, 3])]);
    const second = (await tip()).object.sha;
    expect((await commit(second)).parents).toHaveLength(1);
    const path = new URL(urls[0] ?? '').pathname.split(`${first}/`)[1] ?? '';
    const { tree } = await github.call<{ tree: { path: string; sha: string }[] }>('GET', `${at}/trees/${second}?recursive=1`);
    const blob = tree.find((entry) => entry.path === path);
    const { content } = await github.call<{ content: string }>('GET', `${at}/blobs/${blob?.sha}`);
    expect(Buffer.from(content, 'base64')).toEqual(one);
    expect(tree.filter((entry) => entry.path.endsWith('.jpg'))).toHaveLength(3);
  });

  it.each(faults)('are committed once through: %s', async (kind) => {
    await seedRepository(github);
    await (await store()).put([one]);
    const calls = github.proxy.calls.length;
    for (let fail = 0; fail < calls; fail += 1) {
      await seedRepository(github);
      github.proxy.fail((call) => (call.at === fail ? kind : null));
      await (await store()).put([one]);
      expect((await commit((await tip()).object.sha)).parents).toEqual([]);
    }
  });
});

describe('pictures in a bucket', () => {
  let server: Server;
  const kept = new Map<string, { body: Buffer; type: string }>();
  const log: string[] = [];
  beforeAll(async () => {
    server = createServer((request, response) => {
      log.push(`${request.method} ${request.url}`);
      const parts: Buffer[] = [];
      request.on('data', (part: Buffer) => parts.push(part));
      request.on('end', () => {
        const key = (request.url ?? '').split('?')[0] ?? '';
        if (request.method === 'PUT') kept.set(key, { body: Buffer.concat(parts), type: request.headers['content-type'] ?? '' });
        const allowed = request.headers.authorization?.includes('Credential=key/') === true;
        response.writeHead(allowed ? (kept.has(key) ? 200 : 404) : 401).end();
      });
    });
    await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve));
  });
  afterAll(() => void server.close());
  const config = () => ({
    name: 'pictures',
    endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    region: 'us-east-1',
    prefix: 'fieldproof',
    publicUrl: 'https://pictures.example/',
  });

  it('are put once, as they are, and linked by the public URL', async () => {
    const store = bucketPictures(config(), { accessKeyId: 'key', secretAccessKey: 'secret' });
    const urls = await store.put([one, two]);
    expect(await store.put([two, one])).toEqual(urls.toReversed());
    expect(urls[0]).toMatch(/^https:\/\/pictures\.example\/fieldproof\/[0-9a-f]{64}\.jpg$/);
    expect([...kept.values()]).toEqual([
      { body: one, type: 'image/jpeg' },
      { body: two, type: 'image/jpeg' },
    ]);
    expect(log.filter((line) => line.startsWith('PUT'))).toHaveLength(2);
  });

  it('lie beside full reports, which are served as pages', async () => {
    const environment = { AWS_ACCESS_KEY_ID: 'key', AWS_SECRET_ACCESS_KEY: 'secret' };
    const url = await (await openReports(environment, config())).put('<!doctype html>');
    expect(url).toMatch(/^https:\/\/pictures\.example\/fieldproof\/[0-9a-f]{64}\.html$/);
    expect([...kept.values()].at(-1)).toEqual({ body: Buffer.from('<!doctype html>'), type: 'text/html; charset=utf-8' });
  });

  it('are refused with a remedy where the credentials are', async () => {
    const store = bucketPictures(config(), { accessKeyId: 'other', secretAccessKey: 'secret' });
    await expect(store.put([Buffer.from([9])])).rejects.toThrow(/pictures: takes no files: .*\n {2}remedy: check name/);
  });
});

describe('blurred pictures', () => {
  /** Stripes three pixels wide, as fine as an eye in a thumbnail. */
  async function striped(): Promise<Buffer> {
    const [width, height] = [320, 180];
    const pixels = Buffer.from(
      Array.from({ length: width * height * 3 }, (_, at) => (Math.floor(((at / 3) % width) / 3) % 2) * 255),
    );
    return await sharp(pixels, { raw: { width, height, channels: 3 } })
      .jpeg({ quality: 95 })
      .toBuffer();
  }
  const contrast = async (jpeg: Uint8Array) => (await sharp(jpeg).greyscale().stats()).channels[0]?.stdev ?? 0;

  it('keep their size and lose what is fine', async () => {
    const sharpPicture = await striped();
    const stored: Uint8Array[] = [];
    await blurredPictures({
      put: (pictures) => Promise.resolve(pictures.map((each) => `https://x.example/${stored.push(each)}`)),
    }).put([sharpPicture]);
    const [picture = new Uint8Array()] = stored;
    expect(await sharp(picture).metadata()).toMatchObject({ width: 320, height: 180, format: 'jpeg' });
    expect(await contrast(sharpPicture)).toBeGreaterThan(100);
    expect(await contrast(picture)).toBeLessThan(20);
  });
});
