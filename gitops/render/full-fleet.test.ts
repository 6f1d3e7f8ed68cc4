import { ApplicationSet } from '@kubernetes-models/argo-cd/argoproj.io/v1alpha1';
import { AnalysisTemplate } from '@kubernetes-models/argo-rollouts/argoproj.io/v1alpha1';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parse, parseAllDocuments } from 'yaml';
import { concernsModel } from '../names.ts';
import { digest, fullPlanOf, planOf } from '../plan.fixture.ts';
import { objectsOf, PUBLISHED, type Manifest } from '../published.fixture.ts';
import { parseDeployed } from '../read-deployed.ts';
import type { FleetPlan } from '../release.ts';
import { renderFleet } from './render-fleet.ts';

const controllers = ['flux', 'argocd'] as const;
const fileAt = (plan: FleetPlan, path: string) => renderFleet(plan).find((file) => file.path === path)?.content ?? '';
const documentsAt = (plan: FleetPlan, path: string) =>
  parseAllDocuments(fileAt(plan, path)).map((document) => document.toJS() as Manifest);

describe('a fleet with all that can be asked for', () => {
  it.each(controllers)('is, for %s, what the golden files hold', async (controller) => {
    const files = renderFleet(fullPlanOf(controller));
    const text = files.map(({ path, content }) => `### ${path}\n${content}`).join('\n');
    await expect(text).toMatchFileSnapshot(join(import.meta.dirname, '__golden__', `${controller}-full.yaml.txt`));
  });

  it.each(controllers)('is, for %s, the same bytes a second time', (controller) => {
    expect(renderFleet(fullPlanOf(controller))).toEqual(renderFleet(structuredClone(fullPlanOf(controller))));
  });

  it.each(controllers)('is, for %s, valid by the published types', (controller) => {
    const objects = objectsOf(renderFleet(fullPlanOf(controller)));
    for (const object of objects) {
      const type = PUBLISHED[`${object.apiVersion} ${object.kind}`];
      if (type === undefined) throw new Error(`no type for ${object.apiVersion} ${object.kind}`);
      new type(object as never).validate();
    }
    const kinds = new Set(objects.map(({ kind }) => kind));
    expect(kinds).toContain('Job');
    expect(kinds).toContain('AnalysisTemplate');
    expect(kinds).toContain(controller === 'flux' ? 'Kustomization' : 'ApplicationSet');
  });

  it('is really checked by those types', () => {
    const metadata = { name: 'x' };
    const metric = { name: 'record', provider: { web: { url: 7 } } };
    expect(() => new AnalysisTemplate({ metadata, spec: { metrics: [metric] } } as never).validate()).toThrow(/url/);
    expect(() => new ApplicationSet({ metadata, spec: { generators: [{ git: {} }], template: {} } } as never).validate()).toThrow(
      /metadata|spec/,
    );
  });

  it.each(controllers)('says, for %s, the same of what runs as the plain one does', (controller) => {
    const plan = fullPlanOf(controller);
    const plain = parseDeployed(renderFleet(planOf(controller)), 'porch');
    expect(parseDeployed(renderFleet(plan), 'porch')).toEqual(plain.map((entry) => ({ ...entry, clip: plan.replay?.clip })));
  });

  it.each(controllers)('shows, for %s, no clip by files that nothing names any more', (controller) => {
    const files = new Map(renderFleet(fullPlanOf(controller)).map(({ path, content }) => [path, content]));
    for (const { path, content } of renderFleet(planOf(controller))) files.set(path, content);
    const left = [...files].map(([path, content]) => ({ path, content }));
    expect(left.map(({ path }) => path)).toContain('apps/porch/overlays/gate-oslo/orin/replay/job.yaml');
    expect(parseDeployed(left, 'porch')).toEqual(parseDeployed(renderFleet(planOf(controller)), 'porch'));
  });

  it.each(controllers)('holds, for %s, nothing that a landing would not take for the model’s own', (controller) => {
    const others = renderFleet(fullPlanOf(controller)).filter(({ path }) => !concernsModel(path, 'porch'));
    expect(
      others.map(({ path }) => path).filter((path) => !/^(records\/porch|clusters\/[^/]+\/fieldproof\.yaml$)/.test(path)),
    ).toEqual([]);
  });
});

describe('what Flux does after the rollout', () => {
  it('is to replay the clip once the model is healthy at the same revision, and to tell the pull request of both', () => {
    const [, model, replay] = documentsAt(fullPlanOf('flux'), 'clusters/cloud-eu/porch.yaml');
    expect(model?.metadata).toMatchObject({
      name: 'porch.cloud-x86',
      annotations: { 'event.toolkit.fluxcd.io/change_request': '123' },
    });
    expect(replay?.metadata).toMatchObject({
      name: 'porch.cloud-x86.replay',
      annotations: { 'event.toolkit.fluxcd.io/change_request': '123' },
    });
    expect(replay?.spec).toMatchObject({
      dependsOn: [{ name: 'porch.cloud-x86' }],
      wait: true,
      force: true,
      path: './apps/porch/overlays/cloud-eu/cloud-x86/replay',
    });
  });

  it('makes another Job for each release, for a Job cannot be changed', () => {
    const job = (plan: FleetPlan) => fileAt(plan, 'apps/porch/overlays/cloud-eu/cloud-x86/replay/job.yaml');
    const plan = fullPlanOf('flux');
    const next = {
      ...plan,
      sites: plan.sites.map(({ site, release }) => ({
        site,
        release: { ...release, model: { ...release.model, digest: digest('d') } },
      })),
    };
    expect(job(next)).toBe(job(plan).replace(digest('a'), digest('d')));
    expect(job(next)).not.toBe(job(plan));
  });
});

describe('a source that is no Git repository', () => {
  it('is an artifact in a registry under the tag of the branch', () => {
    const plan = { ...planOf('flux'), source: { url: 'oci://registry.example/acme/fleet', branch: 'main' } };
    const [source] = documentsAt(plan, 'clusters/cloud-eu/fieldproof.yaml');
    expect(source).toMatchObject({
      kind: 'OCIRepository',
      spec: { url: 'oci://registry.example/acme/fleet', ref: { tag: 'main' } },
    });
    const type = PUBLISHED['source.toolkit.fluxcd.io/v1 OCIRepository'];
    if (type) new type(source as never).validate();
    expect(fileAt(plan, 'clusters/cloud-eu/porch.yaml')).toContain('kind: OCIRepository\n');
  });
});

describe('an ApplicationSet', () => {
  const plan = { ...fullPlanOf('argocd'), progressive: null };
  const [set] = documentsAt(plan, 'argocd/porch.yaml');
  const { template, generators } = (set as { spec: unknown }).spec as {
    template: { metadata: object; spec: object };
    generators: [
      { matrix: { generators: [{ git: { files: { path: string }[] } }, { clusters: { selector: { matchLabels: object } } }] } },
    ];
  };

  it('makes of the sites’ files the very Applications that would be written without it', () => {
    const places = plan.sites.map(({ site }) => site.name);
    const made = [...new Set(places)].flatMap((site) => {
      const elements = parse(fileAt(plan, `clusters/${site}/porch.yaml`)) as Record<string, string>[];
      // As the matrix gives them: the fields of the file's element, and the name of the cluster that is labelled as the site.
      return elements.map((element) => expand(template, { ...element, name: element['site'] ?? '' }));
    });
    const single = { ...plan, applicationSet: false };
    const written = [...new Set(places)].flatMap((site) => documentsAt(single, `clusters/${site}/porch.yaml`));
    expect(made).toEqual(written.map(({ metadata, spec }) => ({ metadata: { name: metadata.name }, spec })));
  });

  it('reads the files of its own model, and takes the cluster that carries the site’s name', () => {
    const [git, clusters] = generators[0].matrix.generators;
    expect(git.git.files).toEqual([{ path: 'clusters/*/porch.yaml' }]);
    expect(clusters.clusters.selector.matchLabels).toEqual({ 'fieldproof.dev/site': '{{ .site }}' });
    expect(set?.spec).toMatchObject({ goTemplate: true, goTemplateOptions: ['missingkey=error'] });
  });
});

/** The little of Go's templates that is used, with missingkey=error. */
function expand(value: unknown, fields: Readonly<Record<string, string>>): unknown {
  const text = JSON.stringify(value).replace(/\{\{ \.(\w+) \}\}/g, (_, name: string) => {
    const field = fields[name];
    if (field === undefined) throw new Error(`map has no entry for key "${name}"`);
    return field;
  });
  return JSON.parse(text) as unknown;
}
