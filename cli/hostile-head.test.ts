import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { digestOf, hexOf } from '#kernel';
import { parseProblems, renderProblems } from '#report';
import { configText } from '../testing/worlds/colour-datasets.ts';
import { makeModelRepository, runFieldproof, type ModelRepository } from '../testing/worlds/model-repository.ts';

/**
 * What a pull request brings as its head, read by jobs of the stages: the base is checked out, the head is there as objects of
 * Git. Each attack was played against an earlier Fieldproof and held.
 */
const OF_CHECK = ['--base', 'main', '--head', 'change', '--policy-from', 'base'];
const SECRET = 'AKIA-planted-credential';
let clean: ModelRepository;
beforeAll(async () => {
  clean = await makeModelRepository();
  clean.write({ 'fieldproof.yaml': configText.slice(0, configText.indexOf('deploy:')) });
  clean.commit('No fleet');
  writeFileSync(path.join(clean.folder, 'secret.txt'), `${SECRET}\nsecond line\n`);
});
afterAll(() => clean.remove());

const opened: ModelRepository[] = [];
afterEach(() => {
  for (const repository of opened.splice(0)) repository.remove();
});

/** A branch that brings these files, and then the base checked out again, as every job of the stages has it. */
function bringing(files: Readonly<Record<string, string | Uint8Array>>, more: (repository: ModelRepository) => void = () => {}) {
  const repository = clean.copy();
  opened.push(repository);
  repository.git('checkout', '--quiet', '-b', 'change');
  repository.write(files);
  more(repository);
  repository.commit('Change something');
  repository.git('checkout', '--quiet', '--force', 'main');
  return repository;
}

/** The base's configuration, with a model and a dataset that the base does not know. */
function withNewModel({ model = '', gate = 'dataset: mine, metric: top1, at-least: 1%' } = {}): string {
  return configText
    .slice(0, configText.indexOf('deploy:'))
    .replace(
      'models:\n',
      `models:\n  new: { build: models/tiny, image: registry.example/acme/new, task: classification${model} }\n`,
    )
    .replace('datasets:\n', 'datasets:\n  mine: { manifest: datasets/mine.yaml }\n')
    .replace('gates:\n', `gates:\n  new: [ { ${gate} } ]\n`);
}

const manifestOf = (fields: string) => `version: 1\nkind: research\ntask: classification\npins: mine.sha256\n${fields}\n`;

/** What the job that holds the token says, and what the check then shows. */
async function openWith(repository: ModelRepository) {
  const args = ['open', ...OF_CHECK, '--out', '../opened', '--problems', '../problems.json'];
  const { code, stdout, stderr } = await runFieldproof(repository, args);
  const { problems } = parseProblems(readFileSync(path.join(repository.folder, 'problems.json'), 'utf8'), 'problems.json');
  const { summary } = renderProblems({ problems, remarks: [], run: null });
  return { code, log: `${stdout}${stderr}`, check: summary.split('\n').slice(4).join('\n') };
}

describe('a new model whose dataset names a place outside its commit', () => {
  const folders = 'classes: [red, green, blue]\nsamples: { folders: true }';
  const csv = 'classes: [red, green, blue]\nsamples: { csv: secret.txt }';
  const secretPin = `${hexOf(digestOf(`${SECRET}\nsecond line\n`))}  secret.txt\n`;

  it.each([
    ['climbs, to list a folder of the machine', { root: '../../data', rest: folders, pins: '' }],
    ['climbs within a longer name', { root: 'a/b/../../../../data', rest: folders, pins: '' }],
    [
      'climbs, to read a text whose digest it wants to know',
      { root: '../..', rest: csv, pins: `${'0'.repeat(64)}  secret.txt\n` },
    ],
    ['climbs, to read a text whose digest it knows', { root: '../..', rest: csv, pins: secretPin }],
    ['is absolute', { root: '/', rest: folders, pins: '' }],
  ])('%s', async (_, { root, rest, pins }) => {
    const repository = bringing({
      'fieldproof.yaml': withNewModel(),
      'datasets/mine.yaml': manifestOf(`root: ${root}\n${rest}`),
      'datasets/mine.sha256': pins || `${'0'.repeat(64)}  red/a.png\n`,
    });
    const { code, log, check } = await openWith(repository);
    expect(code).toBe(3);
    expect(check).toMatch(
      root === '/'
        ? /datasets\/mine\.yaml:5:1 \(root\): is absolute/
        : /datasets\/mine\.yaml:5:1 \(root\): leaves the commit, which a pull request may not<br>\*\*What to do:\*\* put the data into the commit/,
    );
    for (const told of [log, check]) expect(told).not.toMatch(/AKIA|second line|[0-9a-f]{64}|bytes\)|bench/);
  });

  it.each([
    ['the list of its samples', { rest: 'classes: [red]\nroot: mine\nsamples: { csv: ../../../secret.txt }' }],
    ['its class names', { rest: 'classes: ../../secret.txt\nroot: mine\nsamples: { folders: true }' }],
    ['the folder of its samples', { rest: 'classes: [red]\nroot: mine\nsamples: { csv: list.csv, folder: ../../.. }' }],
  ])('in %s', async (_, { rest }) => {
    const repository = bringing({
      'fieldproof.yaml': withNewModel(),
      'datasets/mine.yaml': manifestOf(rest),
      'datasets/mine.sha256': `${'0'.repeat(64)}  red/a.png\n`,
      'datasets/list.csv': 'file,class\nsecret.txt,red\n',
      'datasets/mine/red/a.png': 'x',
    });
    const { code, log, check } = await openWith(repository);
    expect(code).toBe(3);
    expect(check).toMatch(/path "[^"]+" leaves the folder/);
    for (const told of [log, check]) expect(told).not.toMatch(/AKIA|second line|[0-9a-f]{64}/);
  });

  it('in clips and folders of frames', async () => {
    const clips =
      '[{ file: ../../secret.txt, site: a, events: [] }, { frames: ../../data, frames-per-second: 1, site: a, events: [] }]';
    const rule = '{ frames-per-second: 1, persistence: 1, merge-gap: 1s, tolerance: 1s }';
    const repository = bringing({
      'fieldproof.yaml': withNewModel({ gate: 'dataset: mine, metric: false-alarms-per-hour, at-most: 100' }),
      'datasets/mine.yaml': `version: 1\nkind: replay\ntask: classification\nclasses: [red]\nroot: mine\npins: mine.sha256\nlabels: { red: [red] }\nclips: ${clips}\nrule: ${rule}\n`,
      'datasets/mine.sha256': '',
      'datasets/mine/a.txt': 'x',
    });
    const { code, log, check } = await openWith(repository);
    expect(code).toBe(3);
    expect(check).toMatch(/path "\.\.\/\.\.\/secret\.txt" leaves the folder/);
    expect(log).not.toMatch(/AKIA|[0-9a-f]{64}/);
  });

  it('by links through links', async () => {
    const repository = bringing(
      {
        'fieldproof.yaml': withNewModel(),
        'datasets/mine.yaml': manifestOf('root: mine\nclasses: [red]\nsamples: { folders: true }'),
        'datasets/mine.sha256': `${'0'.repeat(64)}  red/a.png\n`,
        'datasets/mine/a/b/c/d.png': 'x',
      },
      ({ model }) => {
        mkdirSync(path.join(model, 'datasets/mine/red'));
        symlinkSync('../../..', path.join(model, 'datasets/mine/a/b/c/up'));
        symlinkSync('../a/b/c/up/../../../secret.txt', path.join(model, 'datasets/mine/red/a.png'));
      },
    );
    const { code, log, check } = await openWith(repository);
    expect(code).toBe(3);
    expect(check).toMatch(/datasets\/mine\/red\/a\.png: a link to .*, which is outside its folder/);
    expect(log).not.toMatch(/AKIA|[0-9a-f]{64}/);
  });
});

it('a new model is judged by the data that its commit holds, also where the base is checked out', async () => {
  const picture = readFileSync(path.join(clean.folder, 'data', 'bench', 'red', '0.png'));
  const right = bringing({
    'fieldproof.yaml': withNewModel(),
    'datasets/mine.yaml': manifestOf('root: mine\nclasses: [red]\nsamples: { folders: true }'),
    'datasets/mine.sha256': `${hexOf(digestOf(picture))}  red/a.png\n`,
    'datasets/mine/red/a.png': picture,
  });
  expect(await openWith(right)).toMatchObject({ code: 0 });
});

describe('a place that a pull request names is asked by nobody', () => {
  const asked: string[] = [];
  const server = createServer((request, response) => {
    asked.push(request.url ?? '');
    response.writeHead(404).end();
  });
  let host = '';
  beforeAll(async () => {
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    host = `127.0.0.1:${(server.address() as AddressInfo).port}`;
  });
  const notAsked = () => expect(asked.splice(0)).toEqual([]);
  afterAll(() => server.close());
  const images = ['images', ...OF_CHECK, '--out', '../images', '--problems', '../problems.json'];
  const benched = { gate: 'dataset: bench, metric: top1, margin: 5%' };
  const digest = `sha256:${'a'.repeat(64)}`;

  it('as the image of a model', async () => {
    const config = withNewModel({ model: `, anchor: "${digest}"`, ...benched });
    const repository = bringing({ 'fieldproof.yaml': config.replace('registry.example/acme/new', `${host}/acme/new`) });
    const { code, stderr } = await runFieldproof(repository, images);
    expect(code).toBe(3);
    expect(stderr).toMatch(
      /\(models\.new\): the release sha256:a+ is not built from .*no registry is asked for what a pull request names/,
    );
    notAsked();
  });

  it('as its runtime', async () => {
    const config = withNewModel({ model: `, runtime: { image: ${host}/acme/runtime, digest: "${digest}" }`, ...benched });
    const { code, stderr } = await runFieldproof(bringing({ 'fieldproof.yaml': config }), images);
    expect(code).toBe(3);
    expect(stderr).toMatch(
      /\(models\.new\.runtime\.digest\): sha256:a+ is not the runtime of this installation, and no registry/,
    );
    notAsked();
  });

  const rights = { AWS_ACCESS_KEY_ID: SECRET, AWS_SECRET_ACCESS_KEY: SECRET, FIELDPROOF_DATA: '/nowhere' };
  const sources = () => ({
    'a bucket on another server': `{ s3: { bucket: ours, endpoint: "http://${host}" } }`,
    'an address that only we reach': `{ http: "http://${host}/internal/" }`,
    'an artifact in a registry': `{ oci: ${host}/acme/secret }`,
    'a remote of DVC': `{ dvc: { url: "http://${host}/", file: datasets/mine.dvc } }`,
  });
  const kinds = Object.keys(sources()) as (keyof ReturnType<typeof sources>)[];
  const fetching = ['fetch', '--base', 'main', '--head', 'change'];

  it.each(kinds)('as the source of a dataset of its own: %s', async (kind) => {
    const mine = (manifest: string) => `{ manifest: ${manifest}, source: ${sources()[kind]} }`;
    // Also where it is asked of a manifest that the base knows, whose pins are the base's.
    for (const [manifest, args] of [
      ['datasets/mine.yaml', fetching],
      ['datasets/bench.yaml', ['open', ...OF_CHECK, '--out', '../opened']],
    ] as const) {
      const repository = bringing({
        'fieldproof.yaml': withNewModel().replace('{ manifest: datasets/mine.yaml }', mine(manifest)),
        'datasets/mine.yaml': manifestOf('root: mine\nclasses: [red]\nsamples: { folders: true }'),
        'datasets/mine.sha256': `${'0'.repeat(64)}  red/a.png\n`,
        'datasets/mine.dvc': `outs:\n- md5: ${'0'.repeat(32)}.dir\n  path: mine\n`,
      });
      const { code, stdout, stderr } = await runFieldproof(repository, args, rights);
      expect(code).toBe(3);
      expect(stderr).toMatch(
        /fieldproof\.yaml \(datasets\.mine\.source\): names a place outside the commit, which a pull request may not\n {2}remedy: put the data into the commit, by Git LFS too/,
      );
      expect(stdout + stderr).not.toContain(SECRET);
      notAsked();
    }
  });

  it.each(kinds)('as the source of a dataset that the base reads from elsewhere: %s', async (kind) => {
    const config = configText.slice(0, configText.indexOf('deploy:'));
    const moved = config.replace(
      '{ manifest: datasets/bench.yaml }',
      `{ manifest: datasets/bench.yaml, source: ${sources()[kind]} }`,
    );
    const { code, stdout } = await runFieldproof(bringing({ 'fieldproof.yaml': moved }), fetching, rights);
    expect(code).toBe(0);
    expect(stdout).toBe('weights  none in Git LFS\n');
    notAsked();
  });
});

describe('a pull request that is made to last', () => {
  const keys = (count: number) => Array.from({ length: count }, (_, index) => `k${index}: ${index}`).join('\n');

  it('with more text than is read ends before any of it is', async () => {
    const { code, check } = await openWith(bringing({ 'fieldproof.yaml': keys(380_000) }));
    expect(code).toBe(3);
    expect(check).toMatch(/^- fieldproof\.yaml: larger than 1 MiB/m);
  });

  it('with as many keys as a text of that length holds ends, and tells the first hundred of its faults', async () => {
    const { code, log } = await openWith(bringing({ 'fieldproof.yaml': keys(70_000) }));
    expect(code).toBe(3);
    expect(log).toMatch(/there are more problems than the 100 above/);
  });

  it('with one list in another for as long as it goes ends', async () => {
    const { code, check } = await openWith(bringing({ 'fieldproof.yaml': '['.repeat(1_000_000) }));
    expect(code).toBe(3);
    expect(check).toMatch(/nests too deeply|not YAML/);
  });

  it('with a tree that names itself ten times ten times over ends', async () => {
    const repository = bringing({});
    const { model } = repository;
    const git = (...args: string[]) => repository.git(...args);
    const mktree = (lines: readonly string[]) =>
      execFileSync('git', ['mktree'], { cwd: model, input: `${lines.join('\n')}\n`, encoding: 'utf8' }).trim();
    const tenTimes = (entry: string) => mktree(Array.from({ length: 10 }, (_, index) => `${entry}\t${index}`));
    let bomb = tenTimes(`100644 blob ${git('rev-parse', 'main:fieldproof.yaml')}`);
    for (let depth = 1; depth < 10; depth += 1) bomb = tenTimes(`040000 tree ${bomb}`);
    const others = git('ls-tree', 'main')
      .split('\n')
      .filter((line) => !line.endsWith('\tmodels'));
    const tree = mktree([...others, `040000 tree ${mktree([`040000 tree ${bomb}\ttiny`])}\tmodels`]);
    git('branch', '--force', 'change', git('commit-tree', tree, '-p', 'main', '-m', 'x'));
    const { code, stderr } = await runFieldproof(repository, ['images', ...OF_CHECK, '--out', '../images']);
    expect(code).toBe(3);
    expect(stderr).toMatch(/git ls-tree had more to say than is read/);
  });

  it('with a link through links to a device that never ends, where a build looks, is refused', async () => {
    const repository = bringing({ 'models/tiny/Dockerfile': 'FROM scratch\n', 'models/tiny/a/b/c/d': 'x' }, ({ model }) => {
      symlinkSync('../../..', path.join(model, 'models/tiny/a/b/c/up'));
      const steps = '../'.repeat(model.split('/').length + 5);
      symlinkSync(`a/b/c/up/a/b/c/up/${'a/b/c/up/'.repeat(10)}${steps}dev/zero`, path.join(model, 'models/tiny/.dockerignore'));
    });
    const { code, stderr } = await runFieldproof(repository, ['images', ...OF_CHECK, '--out', '../images']);
    expect(code).toBe(3);
    expect(stderr).toMatch(/models\/tiny\/\.dockerignore: a link to .*dev\/zero, which is outside its folder/);
  });
});
