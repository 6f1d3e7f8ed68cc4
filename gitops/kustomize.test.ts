import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { AnalysisTemplate } from '@kubernetes-models/argo-rollouts/argoproj.io/v1alpha1';
import { Deployment } from 'kubernetes-models/apps/v1';
import { Job } from 'kubernetes-models/batch/v1';
import { Service } from 'kubernetes-models/v1';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parseAllDocuments } from 'yaml';
import { binary } from '../testing/rig/components.ts';
import { digest, fullPlanOf, planOf } from './plan.fixture.ts';
import { renderFleet } from './render/render-fleet.ts';

/** The real thing: one that is named, else the rig's (docs/rig.md) where it is built, else the one that is on the PATH. */
const ofRig = binary('kustomize');
const kustomize = process.env['KUSTOMIZE'] ?? (existsSync(ofRig) ? ofRig : 'kustomize');
const absent = spawnSync(kustomize, ['version']).status !== 0;

const overlays = [
  ['lobby-berlin', 'edge-box'],
  ['gate-oslo', 'orin'],
  ['gate-oslo', 'edge-box'],
  ['cloud-eu', 'cloud-x86'],
] as const;

describe.skipIf(absent)('what kustomize makes of an overlay (needs kustomize: make rig-build)', () => {
  let root = '';
  beforeAll(() => {
    root = mkdtempSync(join(tmpdir(), 'fieldproof-kustomize-'));
    const plans = {
      model: planOf('flux', 'model'),
      container: planOf('flux', 'container'),
      'full-flux': fullPlanOf('flux'),
      'full-argocd': fullPlanOf('argocd'),
    };
    for (const [kind, plan] of Object.entries(plans)) {
      for (const { path, content } of renderFleet(plan)) {
        mkdirSync(dirname(join(root, kind, path)), { recursive: true });
        writeFileSync(join(root, kind, path), content);
      }
    }
  });
  afterAll(() => rmSync(root, { recursive: true }));

  const build = (kind: string, site: string, chipset: string, below = '') =>
    execFileSync(kustomize, ['build', `${kind}/apps/porch/overlays/${site}/${chipset}${below}`], { cwd: root, encoding: 'utf8' });
  const objectsOf = (text: string) =>
    parseAllDocuments(text).map((document) => document.toJS() as { kind: string; metadata: Record<string, unknown> });

  it.each(overlays)('runs the pinned digests at %s on %s, in containers and volumes alike', (site, chipset) => {
    const model = build('model', site, chipset);
    expect(model).toContain(`image: registry.example:5000/acme/fieldproof-runtime@${digest('b')}\n`);
    expect(model).toContain(`reference: registry.example/acme/porch@${digest('a')}\n`);
    const container = build('container', site, chipset);
    expect(container).toContain(`image: registry.example/acme/porch@${digest('a')}\n`);
    expect(model + container).not.toContain('fieldproof.invalid');
  });

  it.each(overlays)('is valid by the published types at %s on %s, and one Service finds its pods', (site, chipset) => {
    const objects = parseAllDocuments(build('model', site, chipset)).map((document) => document.toJS() as { kind: string });
    const service = new Service(objects.find(({ kind }) => kind === 'Service') as never);
    const deployment = new Deployment(objects.find(({ kind }) => kind === 'Deployment') as never);
    service.validate();
    deployment.validate();
    expect(deployment.metadata).toMatchObject({ name: `porch-${chipset}`, namespace: 'porch' });
    expect(deployment.spec?.selector.matchLabels).toEqual(service.spec?.selector);
    expect(deployment.spec?.template.metadata?.labels).toMatchObject({ ...service.spec?.selector, 'fieldproof.dev/site': site });
  });

  it.each(overlays)(
    'shows the clip at %s on %s by one Job, whichever controller builds it, and hides it from the Service',
    (site, chipset) => {
      const jobs = [build('full-flux', site, chipset, '/replay'), build('full-argocd', site, chipset)].map((text) => {
        const found = objectsOf(text).filter(({ kind }) => kind === 'Job');
        expect(found).toHaveLength(1);
        const job = new Job(found[0]);
        job.validate();
        return job;
      });
      const [flux, argo] = jobs;
      expect(flux?.metadata).toMatchObject({ name: `porch-replay-${chipset}`, namespace: 'porch' });
      expect(argo?.metadata?.annotations).toEqual({
        'argocd.argoproj.io/hook': 'PostSync',
        'argocd.argoproj.io/hook-delete-policy': 'BeforeHookCreation',
      });
      expect({ ...argo?.metadata, annotations: undefined }).toEqual({ ...flux?.metadata, annotations: undefined });
      expect(argo?.spec).toEqual(flux?.spec);
      const pod = flux?.spec?.template.spec;
      expect(pod?.containers[0]?.image).toBe(`registry.example:5000/acme/fieldproof-runtime@${digest('b')}`);
      expect(pod?.volumes?.[0]).toMatchObject({ image: { reference: `registry.example/acme/fieldproof-clips@${digest('c')}` } });
      const service = objectsOf(build('full-flux', site, chipset)).find(({ kind }) => kind === 'Service') as never as Service;
      expect(flux?.spec?.template.metadata?.labels).not.toMatchObject(service.spec?.selector ?? {});
      expect(pod?.containers[0]?.args?.slice(0, 2)).toEqual(['--url', `http://${service.metadata?.name}:8000`]);
    },
  );

  it('puts the devices, the nodes and the runtime class of a chipset where a cluster reads them, and never two pods on a device', () => {
    const found = objectsOf(build('full-flux', 'gate-oslo', 'orin')).find(({ kind }) => kind === 'Deployment');
    const deployment = new Deployment(found);
    deployment.validate();
    const pod = deployment.spec?.template.spec;
    expect(pod?.runtimeClassName).toBe('nvidia');
    expect(pod?.containers[0]?.resources).toMatchObject({
      limits: { 'nvidia.com/gpu': '1', cpu: '1500m' },
      requests: { 'nvidia.com/gpu': '1' },
    });
    const [term] = pod?.affinity?.nodeAffinity?.requiredDuringSchedulingIgnoredDuringExecution?.nodeSelectorTerms ?? [];
    expect(term?.matchExpressions?.at(-1)).toEqual({ key: 'nvidia.com/gpu.product', operator: 'In', values: ['Orin'] });
    expect(JSON.stringify(term)).not.toContain('fieldproof.dev/chipset');
    expect(deployment.spec?.strategy).toEqual({ type: 'RollingUpdate', rollingUpdate: { maxSurge: 0, maxUnavailable: 1 } });
  });

  it('has the analysis of the release beside the model, for a Rollout of the team to name', () => {
    const found = objectsOf(build('full-flux', 'gate-oslo', 'orin')).find(({ kind }) => kind === 'AnalysisTemplate');
    new AnalysisTemplate(found as never).validate();
    expect(found?.metadata).toMatchObject({ name: 'porch-record-orin', namespace: 'porch' });
  });
});
