import { Application } from '@kubernetes-models/argo-cd/argoproj.io/v1alpha1';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { configText } from '../testing/worlds/colour-datasets.ts';
import { openModelRepository, runFieldproof, type ModelRepository } from '../testing/worlds/model-repository.ts';

let repository: ModelRepository;
beforeAll(() => {
  const folder = mkdtempSync(path.join(tmpdir(), 'fieldproof-e2e-'));
  repository = openModelRepository(folder);
  for (const name of ['model', 'tmp']) mkdirSync(path.join(folder, name));
});
afterAll(() => repository.remove());

const init = (...args: string[]) => runFieldproof(repository, ['init', ...args]);
const read = (file: string) => readFileSync(path.join(repository.folder, file), 'utf8');

describe('fieldproof init --fleet', () => {
  it('lays out a repository for what is deployed, once, and keeps what is there', async () => {
    repository.write({
      'fieldproof.yaml': configText.replace('  branch: main', '  url: https://git.example/acme/fleet.git\n  branch: live'),
    });
    mkdirSync(path.join(repository.folder, 'fleet', 'apps'), { recursive: true });
    writeFileSync(path.join(repository.folder, 'fleet', 'apps', 'README.md'), 'Mine\n');
    const first = await init('--fleet', '../fleet');
    expect(first).toMatchObject({
      code: 0,
      stdout: expect.stringMatching(/^written +README\.md\nkept +apps\/README\.md\nwritten +clusters\/README\.md\n/),
    });
    expect(read('fleet/apps/README.md')).toBe('Mine\n');
    expect(read('fleet/README.md')).toContain(
      'flux bootstrap git --context garden-oslo --url https://git.example/acme/fleet.git --branch live --path clusters/garden-oslo\n',
    );
    const before = read('fleet/README.md');
    expect((await init('--fleet', '../fleet')).stdout).toMatch(
      /^kept +README\.md\nkept +apps\/README\.md\nkept +clusters\/README\.md\n/,
    );
    expect(read('fleet/README.md')).toBe(before);
    expect(existsSync(path.join(repository.model, 'models'))).toBe(false);
  });

  it.each([
    ['plain Applications', '', { path: 'clusters', directory: { recurse: true } }],
    ['an ApplicationSet', '  application-set: true\n', { path: 'argocd', directory: { exclude: 'root.yaml' } }],
  ])('begins Argo CD with one Application, for %s', async (name, more, source) => {
    repository.write({ 'fieldproof.yaml': configText.replace('controller: flux\n', `controller: argocd\n${more}`) });
    expect((await init('--fleet', `../${name}`)).code).toBe(0);
    const root = new Application(parse(read(`${name}/argocd/root.yaml`)) as never);
    root.validate();
    expect(root.spec?.source).toMatchObject({ ...source, targetRevision: 'main' });
    // The configuration knows a path only, which Argo CD could not read.
    expect(read(`${name}/argocd/root.yaml`)).toMatch(/repoURL: .* # set: how Argo CD reaches this repository\n/);
    expect(read(`${name}/README.md`)).toMatch(
      more === '' ? /--name lobby-berlin\n/ : /--name lobby-berlin --label fieldproof\.dev\/site=lobby-berlin\n/,
    );
  });

  it('needs no configuration', async () => {
    const empty = path.join(repository.folder, 'empty');
    mkdirSync(empty);
    expect(await init('--repo', empty, '--fleet', '../third', '--controller', 'argocd')).toMatchObject({ code: 0 });
    expect(existsSync(path.join(repository.folder, 'third', 'argocd', 'root.yaml'))).toBe(true);
  });

  it('writes nothing for a fleet repository that has a layout of its own', async () => {
    const layout = 'deploy:\n  layout: [ { file: "{site}.yaml", set: { digest: model.digest } } ]\n';
    repository.write({ 'fieldproof.yaml': configText.replace('deploy:\n', layout) });
    expect(await init('--fleet', '../fourth')).toMatchObject({
      code: 3,
      stderr: expect.stringMatching(/\(deploy\.layout\): describes a fleet repository that is laid out already/),
    });
    expect(existsSync(path.join(repository.folder, 'fourth'))).toBe(false);
  });
});
