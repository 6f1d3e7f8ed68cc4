import { describe, expect, it } from 'vitest';
import { parse, parseAllDocuments } from 'yaml';
import { planOf } from '../plan.fixture.ts';
import { renderFleet } from '../render-fleet.ts';
import { namesAt, ownNames } from './places.ts';

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

  it('is called as its team says where they keep it', () => {
    const names = { object: 'teams/{model}-{site}', pods: { namespace: 'edge-{site}', labels: { app: '{model}' } } };
    expect(namesAt(names, place)).toEqual({
      object: { namespace: 'teams', name: 'porch-gate-oslo' },
      pods: { namespace: 'edge-gate-oslo', labels: { app: 'porch' } },
    });
  });
});
