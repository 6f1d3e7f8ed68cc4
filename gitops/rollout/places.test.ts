import { describe, expect, it } from 'vitest';
import { parse, parseAllDocuments } from 'yaml';
import { fullPlanOf, planOf } from '../plan.fixture.ts';
import { renderFleet } from '../render/render-fleet.ts';
import { namesAt, ownNames, replayObject } from './places.ts';

const place = { model: 'porch', site: 'gate-oslo', chipset: 'orin' };

describe('what is watched', () => {
  it.each(['flux', 'argocd'] as const)('is, for %s, called as the manifests have it', (controller) => {
    const files = renderFleet(planOf(controller));
    const cluster = files.find(({ path }) => path === 'clusters/gate-oslo/porch.yaml')?.content ?? '';
    const metadata = parseAllDocuments(cluster).map((document) => (document.toJS() as { metadata: unknown }).metadata);
    const { object, pods } = namesAt(ownNames(controller), place);
    expect(metadata).toContainEqual(object);
    const overlay = files.find(({ path }) => path === 'apps/porch/overlays/gate-oslo/orin/kustomization.yaml')?.content ?? '';
    const { namespace, labels } = parse(overlay) as { namespace: string; labels: { pairs: Record<string, string> }[] };
    const written = Object.assign({ 'app.kubernetes.io/name': 'porch' }, ...labels.map(({ pairs }) => pairs)) as object;
    expect(pods).toEqual({ namespace, labels: written });
  });

  it('has, for Flux, a Kustomization beside it that shows its clip', () => {
    const { content = '' } = renderFleet(fullPlanOf('flux')).find(({ path }) => path === 'clusters/gate-oslo/porch.yaml') ?? {};
    const metadata = parseAllDocuments(content).map((document) => (document.toJS() as { metadata: unknown }).metadata);
    expect(metadata).toContainEqual(expect.objectContaining(replayObject('flux', place)));
  });

  it('has, for Argo CD, a Job among its objects that shows its clip', () => {
    const overlay = 'apps/porch/overlays/gate-oslo/orin';
    const read = (file: string): unknown =>
      parse(renderFleet(fullPlanOf('argocd')).find(({ path }) => path === `${overlay}/${file}`)?.content ?? '');
    const { namespace, nameSuffix } = read('kustomization.yaml') as { namespace: string; nameSuffix: string };
    const { metadata } = read('replay/job.yaml') as { metadata: { name: string } };
    expect(replayObject('argocd', place)).toEqual({ namespace, name: metadata.name + nameSuffix });
  });

  it('is called as its team says where they keep it', () => {
    const names = { object: 'teams/{model}-{site}', pods: { namespace: 'edge-{site}', labels: { app: '{model}' } } };
    expect(namesAt(names, place)).toEqual({
      object: { namespace: 'teams', name: 'porch-gate-oslo' },
      pods: { namespace: 'edge-gate-oslo', labels: { app: 'porch' } },
    });
  });
});
