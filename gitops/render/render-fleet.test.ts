import { GitRepository } from '@kubernetes-models/flux-cd/source.toolkit.fluxcd.io/v1';
import { Deployment } from 'kubernetes-models/apps/v1';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parse, parseAllDocuments } from 'yaml';
import { digest, planOf } from '../plan.fixture.ts';
import { objectsOf, PUBLISHED, type Manifest } from '../published.fixture.ts';
import type { FleetPlan } from '../release.ts';
import { renderFleet } from './render-fleet.ts';

const controllers = ['flux', 'argocd'] as const;
const kinds = ['model', 'container'] as const;
const each = controllers.flatMap((controller) => kinds.map((kind) => [controller, kind] as const));

function fileAt(plan: FleetPlan, path: string): string {
  return renderFleet(plan).find((file) => file.path === path)?.content ?? '';
}

describe('a rendered fleet', () => {
  it.each(each)('is, for %s and a %s release, what the golden files hold', async (controller, kind) => {
    const files = renderFleet(planOf(controller, kind));
    const text = files.map(({ path, content }) => `### ${path}\n${content}`).join('\n');
    await expect(text).toMatchFileSnapshot(join(import.meta.dirname, '__golden__', `${controller}-${kind}.yaml.txt`));
  });

  it.each(each)('is, for %s and a %s release, the same bytes a second time', (controller, kind) => {
    expect(renderFleet(planOf(controller, kind))).toEqual(renderFleet(structuredClone(planOf(controller, kind))));
  });

  it.each(each)('is, for %s and a %s release, valid by the published types', (controller, kind) => {
    const objects = objectsOf(renderFleet(planOf(controller, kind)));
    const known = objects.map((object) => ({ object, type: PUBLISHED[`${object.apiVersion} ${object.kind}`] }));
    expect(known.filter(({ type }) => type === undefined)).toEqual([]);
    for (const { object, type } of known) if (type) new type(object as never).validate();
    expect(objects.map((object) => object.kind)).toContain(controller === 'flux' ? 'Kustomization' : 'Application');
  });

  it('is really checked by those types', () => {
    const [deployment] = objectsOf(renderFleet(planOf('flux'))).filter((object) => object.kind === 'Deployment');
    const changed = JSON.parse(JSON.stringify(deployment).replace('"IfNotPresent"', '7')) as never;
    expect(() => new Deployment(changed).validate()).toThrow(/imagePullPolicy|pullPolicy/);
    const volume = JSON.parse(JSON.stringify(deployment).replace('"fieldproof.invalid/model"', '7')) as never;
    expect(() => new Deployment(volume).validate()).toThrow(/volumes\/\d+\/image\/reference/);
    const source = {
      apiVersion: 'source.toolkit.fluxcd.io/v1',
      kind: 'GitRepository',
      spec: { interval: '1m', url: '../fleet.git' },
    };
    expect(() => new GitRepository(source as never).validate()).toThrow(/url/);
  });

  it.each(each)('pins, for %s and a %s release, every image by digest and none by tag', (controller, kind) => {
    const files = renderFleet(planOf(controller, kind));
    const text = files.map(({ content }) => content).join('\n');
    const references = [...text.matchAll(/(?:\bimage|reference): *(\S.*)/g)].map(([, reference]) => reference);
    expect(references.filter((reference) => !reference?.startsWith('fieldproof.invalid/'))).toEqual([]);
    expect(text).not.toMatch(/newTag|:latest/);
    const overlays = files.filter(({ path }) => /overlays\/.*kustomization\.yaml$/.test(path));
    const pinned = overlays.map(({ content }) =>
      (parse(content) as { images: { digest: string }[] }).images.map((image) => image.digest),
    );
    expect(pinned).toEqual(overlays.map(() => (kind === 'model' ? [digest('a'), digest('b')] : [digest('a')])));
  });
});

describe('what a site gets', () => {
  it('waits longer behind a slow link', () => {
    expect(fileAt(planOf('flux'), 'clusters/lobby-berlin/porch.yaml')).toContain('timeout: 30m');
    expect(fileAt(planOf('flux'), 'clusters/cloud-eu/porch.yaml')).toContain('timeout: 10m');
  });

  it.each([
    [20 * 60_000, 'timeout: 20m', 1200],
    [75_000, 'timeout: 75s', 75],
  ])('has the time that a rollout is given: %d ms', (timeout, written, seconds) => {
    const plan = planOf('flux');
    const timed = { ...plan, sites: plan.sites.map(({ site, release }) => ({ site: { ...site, timeout }, release })) };
    for (const name of ['lobby-berlin', 'cloud-eu']) expect(fileAt(timed, `clusters/${name}/porch.yaml`)).toContain(written);
    expect(fileAt(timed, 'apps/porch/overlays/lobby-berlin/edge-box/deployment.yaml')).toContain(
      `progressDeadlineSeconds: ${seconds}`,
    );
  });

  it('has one Kustomization for each of its chipsets, and one source', () => {
    const objects = parseAllDocuments(fileAt(planOf('flux'), 'clusters/gate-oslo/porch.yaml')).map(
      (document) => document.toJS() as Manifest,
    );
    expect(objects.map(({ kind, metadata }) => `${kind} ${metadata.name}`)).toEqual([
      'Namespace porch',
      'Kustomization porch.orin',
      'Kustomization porch.edge-box',
    ]);
  });

  it.each([
    ['https://git.example/acme/fleet.git', 'https://git.example/acme/fleet.git'],
    ['git@git.example:acme/fleet.git', 'ssh://git@git.example/acme/fleet.git'],
    ['ssh://git@git.example:22/acme/fleet.git', 'ssh://git@git.example:22/acme/fleet.git'],
  ])('reads %s as Flux must have it written', (url, written) => {
    const plan = { ...planOf('flux'), source: { url, branch: 'main' } };
    expect(fileAt(plan, 'clusters/cloud-eu/fieldproof.yaml')).toContain(`url: ${written}\n`);
  });

  it('reads from the source that Flux was bootstrapped with when only a path is known', () => {
    const plan = { ...planOf('flux'), source: { url: '../fleet.git', branch: 'main' } };
    expect(fileAt(plan, 'clusters/cloud-eu/fieldproof.yaml')).toBe('');
    expect(fileAt(plan, 'clusters/cloud-eu/porch.yaml')).toContain('name: flux-system\n');
  });
});

describe('a plan that no cluster could hold', () => {
  const plan = planOf('flux');
  const [first] = plan.sites;
  const withModel = (model: string) => ({ ...plan, model });
  const withImage = (image: string) => ({
    ...plan,
    sites: plan.sites.map(({ site }) => ({
      site,
      release: { kind: 'container' as const, model: { image, digest: digest('a') } },
    })),
  });

  it.each<[string, FleetPlan, RegExp]>([
    ['a name that is too long', withModel('p'.repeat(60)), /longer than the 63 letters[\s\S]*shorten/],
    ['a name that begins with a digit', withModel('2porch'), /cannot begin with a digit/],
    ['an image with a tag', withImage('registry.example/porch:v1'), /registry\.example\/porch:v1 has a tag/],
    ['an image with a digest', withImage(`registry.example/porch@${digest('c')}`), /has a tag or digest of its own/],
    ['a chipset twice at a site', { ...plan, sites: [...plan.sites, ...(first ? [first] : [])] }, /names the same chipset twice/],
    [
      'two kinds of release',
      { ...plan, sites: [...plan.sites.slice(1), ...planOf('flux', 'container').sites.slice(0, 1)] },
      /one kind to all sites/,
    ],
    [
      'a registry for an ApplicationSet',
      { ...planOf('argocd'), applicationSet: true, source: { url: 'oci://registry.example/acme/fleet', branch: 'main' } },
      /deploy\.url[\s\S]*reads the sites from Git/,
    ],
    [
      'a path for Argo CD',
      { ...planOf('argocd'), source: { url: '../fleet.git', branch: 'main' } },
      /deploy\.url[\s\S]*which Argo CD cannot read/,
    ],
  ])('is refused with its remedy: %s', (_, refused, message) => {
    expect(() => renderFleet(refused)).toThrow(message);
  });

  it('is not one that pulls from a registry with a port', () => {
    expect(renderFleet(withImage('registry.example:5000/porch'))).not.toEqual([]);
  });

  it('is no plan at all without sites', () => {
    expect(renderFleet({ ...plan, sites: [] })).toEqual([]);
  });
});
