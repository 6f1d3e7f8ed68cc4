import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { digestOf, hexOf } from '#kernel';
import { opened } from '../pipelines/check/plan/open-datasets.ts';
import { startFileServer, type FileServer } from '../testing/fakes/file-server.ts';
import { startS3, type S3Server } from '../testing/fakes/s3-server.ts';
import { startLfsServer, type LfsServer } from '../testing/github/lfs-server.ts';
import { makeSourcedRepository, type SourcedRepository } from '../testing/worlds/sourced-repository.ts';

let repository: SourcedRepository;
let server: FileServer;
let bucket: S3Server;
let lfs: LfsServer;
beforeEach(async () => {
  repository = makeSourcedRepository();
  [server, bucket, lfs] = await Promise.all([startFileServer(), startS3(['porch-data']), startLfsServer(null)]);
});
afterEach(async () => {
  repository.remove();
  await Promise.all([server.close(), bucket.close(), lfs.close()]);
});

const md5 = (content: string | Uint8Array) => createHash('md5').update(content).digest('hex');

/** Puts the files of a dataset where a layout has them. Returns what says so in the configuration, and files that are committed with it. */
type Laid = { source: string; files?: Readonly<Record<string, string>> };
type Lay = (name: 'bench' | 'street') => Promise<Laid>;

const layouts: Readonly<Record<string, Lay>> = {
  'a bucket': async (name) => {
    for (const [file, bytes] of repository.files[name])
      await bucket.put('porch-data', `data/${name}/${encodeURIComponent(file).replaceAll('%2F', '/')}`, bytes);
    return { source: `{ s3: { bucket: porch-data, prefix: data/${name}, endpoint: "${bucket.endpoint}" } }` };
  },
  'a folder over HTTP': async (name) => {
    for (const [file, bytes] of repository.files[name]) server.files.set(`data/${name}/${file}`, bytes);
    return { source: `{ http: "${server.url}data/${name}" }` };
  },
  'a dataset of Hugging Face': async (name) => {
    for (const [file, bytes] of repository.files[name]) server.files.set(`datasets/acme/porch/resolve/v1/${name}/${file}`, bytes);
    return { source: `{ hugging-face: { dataset: acme/porch, revision: v1, folder: ${name}, endpoint: "${server.url}" } }` };
  },
  'a remote of DVC': async (name) => {
    const listing = JSON.stringify([...repository.files[name]].map(([relpath, bytes]) => ({ md5: md5(bytes), relpath })));
    const put = (hex: string, content: string | Uint8Array, suffix = '') =>
      server.files.set(`store/files/md5/${hex.slice(0, 2)}/${hex.slice(2)}${suffix}`, content);
    for (const bytes of repository.files[name].values()) put(md5(bytes), bytes);
    put(md5(listing), listing, '.dir');
    const tracked = `outs:\n- md5: ${md5(listing)}.dir\n  hash: md5\n  path: ${name}\n`;
    return {
      source: `{ dvc: { url: "${server.url}store", file: data/${name}.dvc } }`,
      files: { [`data/${name}.dvc`]: tracked },
    };
  },
  'Git LFS': async (name) => {
    repository.git('config', 'lfs.url', lfs.url);
    const pointers = [...repository.files[name]].map(([file, bytes]) => [`data/${name}/${file}`, lfs.add(bytes)] as const);
    return { source: '{ lfs: true }', files: Object.fromEntries(pointers) };
  },
};

async function lay(layout: string): Promise<void> {
  const [bench, street] = [await layouts[layout]?.('bench'), await layouts[layout]?.('street')];
  repository.commit({ bench: bench?.source ?? '', street: street?.source ?? '' }, { ...bench?.files, ...street?.files });
}

const refusal = async (work: Promise<unknown>) =>
  await work.then(
    () => '',
    (thrown: Error) => thrown.message,
  );

describe.each(Object.keys(layouts))('a dataset in %s', (layout) => {
  it('is fetched by its pins, and read by a check that asks nobody', async () => {
    await lay(layout);
    expect(await refusal(repository.open())).toMatch(/is not here|Git LFS pointer/);
    const fetched = await repository.fetch(bucket.environment);
    expect(fetched).toMatchObject({ code: 0 });
    await Promise.all([server.close(), bucket.close(), lfs.close()]);
    const datasets = await repository.open();
    const bench = opened(datasets, 'bench');
    const { dataset } = bench;
    if (dataset.medium !== 'pictures') throw new Error('bench holds pictures');
    expect(dataset.samples.map(({ id }) => id)).toEqual([...repository.files.bench.keys()]);
    for (const sample of dataset.samples)
      expect(digestOf(await bench.read(sample))).toBe(digestOf(repository.files.bench.get(sample.id) ?? ''));
    const street = opened(datasets, 'street');
    if (street.dataset.medium !== 'clips') throw new Error('street holds clips');
    const [clip] = street.dataset.clips;
    let frames = 0;
    if (clip !== undefined) for await (const _ of street.frames(clip, 5)) frames += 1;
    expect(frames).toBe(10);
  });
});

it('a dataset that a new model brings is fetched from Git LFS, of its own commit', async () => {
  repository.git('config', 'lfs.url', lfs.url);
  repository.commit({ bench: '{ lfs: true }', street: '{ lfs: true }' });
  repository.git('checkout', '--quiet', '-b', 'change');
  const picture = Buffer.alloc(40_000, 'of the head');
  const config = readFileSync(path.join(repository.folder, 'model', 'fieldproof.yaml'), 'utf8')
    .replace('models:\n', 'models:\n  new: { build: models/new, image: registry.example/acme/new, task: classification }\n')
    .replace('datasets:\n', 'datasets:\n  mine: { manifest: datasets/mine.yaml, source: { lfs: true } }\n')
    .replace('gates:\n', 'gates:\n  new: [ { dataset: mine, metric: top1, at-least: 1% } ]\n');
  repository.commit(
    {},
    {
      'fieldproof.yaml': config,
      'datasets/mine.yaml':
        'version: 1\nkind: research\ntask: classification\nclasses: [person]\nroot: mine\nsamples: { folders: true }\npins: mine.sha256\n',
      'datasets/mine.sha256': `${hexOf(digestOf(picture))}  person/1.jpg\n`,
      'datasets/mine/person/1.jpg': lfs.add(picture),
      'models/new/model.yaml': 'task: classification\n',
    },
  );
  repository.git('checkout', '--quiet', 'main');
  expect((await repository.fetch({}, 'change')).stdout).toMatch(/^weights {2}\S+ \S+ of Git LFS are here$/m);
});

describe('what was fetched', () => {
  it('is held against its pins when it is read: who could write to it on its way is not believed', async () => {
    await lay('a folder over HTTP');
    await repository.fetch();
    const hex = hexOf(digestOf(repository.files.bench.get('person/1.jpg') ?? ''));
    writeFileSync(path.join(repository.cache, hex.slice(0, 2), hex.slice(2, 4), hex), 'another picture');
    const bench = opened(await repository.open(), 'bench');
    const [, sample] = bench.dataset.medium === 'pictures' ? bench.dataset.samples : [];
    expect(await refusal(bench.read(sample as never))).toMatch(
      /data\/bench\/person\/1\.jpg: is not the pinned bytes.*datasets\/bench\.sha256 pins/,
    );
  });

  it.each([
    ['a folder over HTTP', (name: string) => `{ http: "${server.url}porch-data/${name}/" }`],
    // The bucket of the other tests gives no part of an object; this server does, and is asked by the same client.
    ['a bucket', (name: string) => `{ s3: { bucket: porch-data, prefix: ${name}, endpoint: "${server.url}" } }`],
  ])('is not asked for again, and goes on from where a connection broke: in %s', async (_, source) => {
    for (const name of ['bench', 'street'] as const)
      for (const [file, bytes] of repository.files[name]) server.files.set(`porch-data/${name}/${file}`, bytes);
    repository.commit({ bench: source('bench'), street: source('street') });
    const partSize = () =>
      readdirSync(repository.cache, { recursive: true, encoding: 'utf8' })
        .filter((name) => name.endsWith('.part'))
        .reduce((size, name) => size + statSync(path.join(repository.cache, name)).size, 0);
    server.cuts.push({ bytes: 50_000, when: () => vi.waitUntil(() => partSize() > 0, { timeout: 300_000 }) });
    expect(await repository.fetch(bucket.environment)).toMatchObject({ code: 0 });
    expect(server.asked.filter((line) => /bytes=\d+-$/.test(line))).toHaveLength(1);
    const before = server.asked.length;
    expect((await repository.fetch(bucket.environment)).stdout).toMatch(
      /dataset {2}bench: its 2 files are here\ndataset {2}street: its 2 files are here\n/,
    );
    expect(server.asked).toHaveLength(before);
  });

  it('is named where something of it is not here, with what brings it', async () => {
    await lay('a bucket');
    await repository.fetch(bucket.environment);
    rmSync(repository.cache, { recursive: true });
    expect(await refusal(repository.open())).toMatch(
      /^datasets\/bench\.sha256:1: s3:\/\/porch-data\/data\/bench\/nothing\/a b\.jpg is not here yet, and 1 more of 2 files\n {2}remedy: run: fieldproof fetch/,
    );
  });
});

describe('a fetch that cannot be', () => {
  /** S3 as it refuses: everything is answered so. */
  async function refusing(status: number, code: string) {
    const body = `<?xml version="1.0"?><Error><Code>${code}</Code><Message>no</Message></Error>`;
    const s3 = createServer((_, response) => void response.writeHead(status, { 'content-type': 'application/xml' }).end(body));
    await new Promise<void>((resolve) => s3.listen(0, '127.0.0.1', resolve));
    return { url: `http://127.0.0.1:${(s3.address() as AddressInfo).port}`, close: () => void s3.close() };
  }

  const told = async (sources: Readonly<Record<string, string>>, env: Readonly<Record<string, string>> = bucket.environment) => {
    repository.commit({ street: '{ lfs: true }', ...sources });
    const { code, stderr } = await repository.fetch(env);
    expect(code).toBe(3);
    return stderr;
  };
  const atEndpoint = (endpoint: string) => ({ bench: `{ s3: { bucket: porch-data, endpoint: "${endpoint}" } }` });

  it('for an object is not there names each, by the line that pins it', async () => {
    const said = await told(atEndpoint(bucket.endpoint));
    expect(said).toMatch(
      /datasets\/bench\.sha256:1: s3:\/\/porch-data\/nothing\/a b\.jpg is not there \(404\)\n {2}remedy: upload it/,
    );
    expect(said).toMatch(/datasets\/bench\.sha256:2: s3:\/\/porch-data\/person\/1\.jpg is not there/);
  });

  it('for the bucket is not there says that', async () => {
    const said = await told({ bench: `{ s3: { bucket: others, endpoint: "${bucket.endpoint}" } }` });
    expect(said).toMatch(/bench\.sha256:1: the bucket others is not there\n {2}remedy: correct the dataset's source/);
  });

  it('for other bytes came names both digests, and keeps none of them', async () => {
    await bucket.put('porch-data', 'person/1.jpg', 'another');
    expect(await told(atEndpoint(bucket.endpoint))).toMatch(/bench\.sha256:2: what came is not sha256:[0-9a-f]{64}, but sha256:/);
    expect(
      readdirSync(repository.cache, { recursive: true, encoding: 'utf8' }).filter((name) => /[0-9a-f]{64}/.test(name)),
    ).toEqual([]);
  });

  it('for credentials are refused says which it takes', async () => {
    const s3 = await refusing(403, 'AccessDenied');
    const said = await told(atEndpoint(s3.url));
    s3.close();
    expect(said).toMatch(
      /is not given to us \(403\)\n {2}remedy: give this job credentials that may read it \(AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY\)/,
    );
    expect(said).not.toContain('test');
  });

  it('for there are no credentials says that', async () => {
    const none = { AWS_EC2_METADATA_DISABLED: 'true', HOME: repository.folder };
    expect(await told(atEndpoint(bucket.endpoint), none)).toMatch(/cannot be asked for: there are no credentials here/);
  });

  it('for nobody answers says so, and tries no other file', async () => {
    const [there, s3] = [server.url, bucket.endpoint];
    await Promise.all([server.close(), bucket.close()]);
    expect(await told({ bench: `{ http: "${there}" }` })).toMatch(
      /bench\.sha256:1: 127\.0\.0\.1:\d+\/\S+ cannot be reached: .*ECONNREFUSED.*\n {2}remedy: check the address and the network/,
    );
    expect(await told(atEndpoint(s3))).toMatch(/s3:\/\/porch-data\/nothing\/a b\.jpg at http:\/\/\S+ cannot be reached/);
  });

  it('for DVC tracks other files names what it does not', async () => {
    const laid = await layouts['a remote of DVC']?.('street');
    repository.commit({ bench: laid?.source ?? '', street: '{ lfs: true }' }, laid?.files ?? {});
    const { stderr } = await repository.fetch();
    expect(stderr).toMatch(/bench\.sha256:2: person\/1\.jpg is none of the files of data\/street\.dvc\n {2}remedy: dvc add it/);
  });

  it('for the list of DVC is another says so where it is named', async () => {
    const laid = await layouts['a remote of DVC']?.('bench');
    for (const name of server.files.keys()) if (name.endsWith('.dir')) server.files.set(name, '[]');
    repository.commit({ bench: laid?.source ?? '', street: '{ lfs: true }' }, laid?.files ?? {});
    expect((await repository.fetch()).stderr).toMatch(
      /data\/bench\.dvc:2:\d+ \(outs\[0\]\.md5\): .* is not the list of files that [0-9a-f]{32}\.dir names/,
    );
  });
});
