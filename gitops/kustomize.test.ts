import { execFileSync, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { Deployment } from 'kubernetes-models/apps/v1';
import { Service } from 'kubernetes-models/v1';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parseAllDocuments } from 'yaml';
import { digest, planOf } from './plan.fixture.ts';
import { renderFleet } from './render-fleet.ts';

/** The real thing: `go install sigs.k8s.io/kustomize/kustomize/v5@v5.7.1` (tried with that one). */
const kustomize = process.env['KUSTOMIZE'] ?? 'kustomize';
const absent = spawnSync(kustomize, ['version']).status !== 0;

const overlays = [
  ['lobby-berlin', 'edge-box'],
  ['gate-oslo', 'orin'],
  ['gate-oslo', 'edge-box'],
  ['cloud-eu', 'cloud-x86'],
] as const;

describe.skipIf(absent)('what kustomize makes of an overlay (needs the kustomize binary)', () => {
  let root = '';
  beforeAll(() => {
    root = mkdtempSync(join(tmpdir(), 'fieldproof-kustomize-'));
    for (const kind of ['model', 'container'] as const) {
      for (const { path, content } of renderFleet(planOf('flux', kind))) {
        mkdirSync(dirname(join(root, kind, path)), { recursive: true });
        writeFileSync(join(root, kind, path), content);
      }
    }
  });
  afterAll(() => rmSync(root, { recursive: true }));

  const build = (kind: string, site: string, chipset: string) =>
    execFileSync(kustomize, ['build', `${kind}/apps/porch/overlays/${site}/${chipset}`], { cwd: root, encoding: 'utf8' });

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
});
