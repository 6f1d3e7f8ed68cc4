import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { execa } from 'execa';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { digestOf, releaseOf, type Digest } from '#kernel';
import { opened } from '../pipelines/check/plan/open-datasets.ts';
import { startPrivateRegistry, type PrivateRegistry } from '../testing/fakes/private-registry.ts';
import { withoutEngine } from '../testing/test-image.ts';
import { configText } from '../testing/worlds/colour-datasets.ts';
import { makeModelRepository, runFieldproof, type ModelRepository } from '../testing/worlds/model-repository.ts';
import { makeSourcedRepository } from '../testing/worlds/sourced-repository.ts';

const without = await withoutEngine();
const OF_CHECK = ['--base', 'main', '--head', 'change'];

describe.skipIf(without !== null)('a registry with a password (needs a Docker engine)', () => {
  let registry: PrivateRegistry;
  let clean: ModelRepository;
  let base = '';
  const marker = `of the base ${Date.now()}`;
  beforeAll(async () => {
    registry = await startPrivateRegistry();
    clean = await makeModelRepository();
    const source = path.join(clean.folder, 'base');
    mkdirSync(source);
    writeFileSync(path.join(source, 'Dockerfile'), 'FROM scratch\nCOPY marker /\n');
    writeFileSync(path.join(source, 'marker'), marker);
    base = `${registry.host}/bases/python@${await registry.pushImage('bases/python', source)}`;
    const policy = configText
      .slice(0, configText.indexOf('deploy:'))
      .replace('chipsets:', `base-images: [ ${registry.host}/bases/python ]\nchipsets:`);
    clean.write({ 'fieldproof.yaml': policy });
    clean.commit('Allow a private base image');
  });
  afterAll(async () => {
    clean.remove();
    await registry.stop();
  });
  const made: ModelRepository[] = [];
  afterEach(() => {
    for (const repository of made.splice(0)) repository.remove();
  });

  function building(dockerfile: string, policy: (text: string) => string = (text) => text): ModelRepository {
    const repository = clean.copy();
    made.push(repository);
    repository.write({ 'fieldproof.yaml': policy(readFileSync(path.join(repository.model, 'fieldproof.yaml'), 'utf8')) });
    repository.commit('Policy');
    repository.git('checkout', '--quiet', '-b', 'change');
    repository.write({ 'models/tiny/Dockerfile': dockerfile });
    repository.commit('Build on it');
    repository.git('checkout', '--quiet', '--force', 'main');
    return repository;
  }

  /** As the job that holds the login. */
  const fetched = async (repository: ModelRepository, env = registry.loggedIn, more: readonly string[] = []) =>
    await runFieldproof(repository, ['fetch', ...OF_CHECK, ...more], {
      FIELDPROOF_DATA: path.join(repository.folder, 'fetched'),
      ...env,
    });

  /** As the job beside the stranger's build: it is logged in nowhere, and its cache is empty. */
  const built = async (repository: ModelRepository, more: readonly string[] = []) =>
    await runFieldproof(repository, ['images', ...OF_CHECK, '--policy-from', 'base', '--out', '../images', ...more], {
      FIELDPROOF_DATA: path.join(repository.folder, 'fetched'),
      FIELDPROOF_CACHE: path.join(repository.folder, 'cache'),
      HOME: repository.folder,
    });

  /** Names alone: what was built on them keeps their layers. */
  async function forget(): Promise<void> {
    const { stdout } = await execa('docker', ['image', 'ls', '--format', '{{.Repository}}:{{.Tag}}', 'fieldproof-base']);
    if (stdout !== '') await execa('docker', ['image', 'rm', ...stdout.split('\n')]);
  }
  afterEach(forget);

  it('is asked for base images by the job that is logged in, and a build finds them there', async () => {
    const [image = '', digest = ''] = base.split('@');
    const index = `${image}@${await registry.pushIndex('bases/python', digest)}`;
    const repository = building(`FROM ${index} AS base\nFROM ${base}\nCOPY --from=base /marker /again\n`);
    expect((await fetched(repository)).stdout).toContain(`image    ${index} is here\nimage    ${base} is here\n`);
    expect(await built(repository)).toMatchObject({ code: 0 });
    const layouts = readdirSync(path.join(repository.folder, 'images'), { recursive: true, encoding: 'utf8' });
    const blobs = layouts
      .map((name) => path.join(repository.folder, 'images', name))
      .filter((name) => /[0-9a-f]{64}$/.test(name));
    expect(blobs.filter((blob) => isFileWith(blob, marker))).toHaveLength(2);
  });

  it('gives a build nothing that policy does not allow, and the author learns what it takes', async () => {
    const repository = building(`FROM ${base}\n`, (text) => text.replace(/base-images: .*\n/, ''));
    expect((await fetched(repository)).stdout).not.toContain('image');
    const { code, stderr } = await built(repository);
    expect(code).toBe(3);
    expect(stderr).toMatch(
      /models\/tiny\/Dockerfile:1: the build failed at FROM .*\n[^]*remedy: .*has to be among base-images in the fieldproof\.yaml of the base, and named by digest/,
    );
  });

  it('is not asked for what the head allows itself', async () => {
    const repository = building(`FROM ${base}\n`, (text) => text.replace(/base-images: .*\n/, ''));
    repository.git('checkout', '--quiet', 'change');
    repository.write({ 'fieldproof.yaml': readFileSync(path.join(clean.model, 'fieldproof.yaml'), 'utf8') });
    repository.commit('Allow it');
    expect((await fetched(repository)).stdout).not.toContain('image');
  });

  it('is asked by digest alone: a tag is named with its line', async () => {
    const { code, stderr } = await fetched(building(`FROM scratch\nFROM ${registry.host}/bases/python:v1\n`));
    expect(code).toBe(3);
    expect(stderr).toMatch(
      /models\/tiny\/Dockerfile:2: builds on \S+\/bases\/python without its digest.*\n {2}remedy: write FROM \S+@sha256:/,
    );
  });

  it('that refuses says who has to log in', async () => {
    const { code, stderr } = await fetched(building(`FROM ${base}\n`), { DOCKER_CONFIG: clean.folder });
    expect(code).toBe(3);
    expect(stderr).toMatch(/bases\/python@sha256:[0-9a-f]{64}: the registry wants to know who asks\n {2}remedy: log in to it/);
  });

  it('is not needed to notice that what was carried is something else', async () => {
    const repository = building(`FROM ${base}\n`);
    await fetched(repository);
    const folder = path.join(repository.folder, 'fetched', 'base-images');
    const names = readdirSync(folder, { recursive: true, encoding: 'utf8' });
    const blobs = names.filter((name) => /sha256\/[0-9a-f]{64}$/.test(name)).map((name) => path.join(folder, name));
    for (const blob of blobs.filter((file) => isZipped(file))) writeFileSync(blob, 'poison');
    const { code, stderr } = await built(repository);
    expect(code).toBe(3);
    expect(stderr).toMatch(/the image blob sha256:[0-9a-f]{64}: it has 6 bytes, its manifest says/);
  });

  it('gives what is deployed to who is logged in, and the job that compares with it finds it there', async () => {
    const source = path.join(clean.folder, 'deployed');
    mkdirSync(source, { recursive: true });
    writeFileSync(path.join(source, 'Dockerfile'), `FROM scratch\nCOPY Dockerfile /\nLABEL of=${Date.now()}\n`);
    const digest = await registry.pushImage('acme/tiny', source);
    const fleet = configText.slice(configText.indexOf('deploy:'));
    const repository = building(
      'FROM scratch\nCOPY Dockerfile /\n',
      (text) => `${text.replace('registry.example/', `${registry.host}/`)}${fleet}`,
    );
    repository.write({ 'models/tiny/Dockerfile': 'FROM scratch\n' });
    repository.commit('It was a container before, too');
    const release = releaseOf({ model: digest as Digest, runtime: null });
    const deployed = [{ site: 'lobby-berlin', chipset: 'here', release }];
    const state = { model: 'tiny', commit: null, deployed, superior: null };
    writeFileSync(path.join(repository.folder, 'deployed.json'), JSON.stringify({ version: 2, deployed: [state] }));
    const standing = ['--deployed', '../deployed.json'];
    expect(await built(repository, standing)).toMatchObject({
      code: 3,
      stderr: expect.stringMatching(/the deployed release .* is neither/) as string,
    });
    expect((await fetched(repository, registry.loggedIn, standing)).stdout).toBe(
      `image    ${registry.host}/acme/tiny@${digest} is here\n`,
    );
    expect(await built(repository, standing)).toMatchObject({
      code: 0,
      stdout: expect.stringContaining(`image    ${digest}`) as string,
    });
  });

  it('keeps the files of a dataset, and gives them by their digest to who is logged in', async () => {
    const repository = makeSourcedRepository();
    for (const bytes of repository.files.bench.values()) await registry.pushBlob('acme/bench', bytes, digestOf(bytes));
    repository.commit({ bench: `{ oci: ${registry.host}/acme/bench }`, street: `{ oci: ${registry.host}/acme/street }` });
    const nobody = await repository.fetch({ DOCKER_CONFIG: clean.folder });
    const some = await repository.fetch(registry.loggedIn);
    for (const bytes of repository.files.street.values()) await registry.pushBlob('acme/street', bytes, digestOf(bytes));
    const all = await repository.fetch(registry.loggedIn);
    const bench = opened(await repository.open(), 'bench');
    const [sample] = bench.dataset.medium === 'pictures' ? bench.dataset.samples : [];
    const read = sample === undefined ? '' : digestOf(await bench.read(sample));
    repository.remove();
    expect([nobody.code, some.code, all.code]).toEqual([3, 3, 0]);
    expect(nobody.stderr).toMatch(/bench\.sha256:1: \S+\/acme\/bench: the registry wants to know who asks\n {2}remedy: log in/);
    expect(some.stderr).toMatch(
      /street\.sha256:1: \S+\/acme\/street has no blob sha256:[0-9a-f]{64}\n {2}remedy: push it: oras push/,
    );
    expect(read).toBe(sample?.pin);
  });
});

function isFileWith(file: string, text: string): boolean {
  try {
    return readFileSync(file).includes(text);
  } catch {
    return false;
  }
}

function isZipped(file: string): boolean {
  const [first, second] = readFileSync(file);
  return first === 0x1f && second === 0x8b;
}
