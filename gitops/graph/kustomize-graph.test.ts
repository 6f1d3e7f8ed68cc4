import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { Deployment, StatefulSet } from 'kubernetes-models/apps/v1';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parseAllDocuments } from 'yaml';
import { binary } from '../../testing/rig/components.ts';
import { digest } from '../plan.fixture.ts';
import { graphPlanOf } from './graph.fixture.ts';
import { renderGraph } from './render-graph.ts';

const ofRig = binary('kustomize');
const kustomize = process.env['KUSTOMIZE'] ?? (existsSync(ofRig) ? ofRig : 'kustomize');
const absent = spawnSync(kustomize, ['version']).status !== 0;

type Named = { kind: string; metadata: { name: string; namespace?: string } };

describe.skipIf(absent)('what kustomize makes of a graph (needs kustomize: make rig-build)', () => {
  let root = '';
  beforeAll(() => {
    root = mkdtempSync(join(tmpdir(), 'fieldproof-kustomize-'));
    for (const { path, content } of renderGraph(graphPlanOf('flux'))) {
      mkdirSync(dirname(join(root, path)), { recursive: true });
      writeFileSync(join(root, path), content);
    }
  });
  afterAll(() => rmSync(root, { recursive: true }));
  const build = (app: string, site: string, chipset: string) =>
    parseAllDocuments(
      execFileSync(kustomize, ['build', `apps/${app}/overlays/${site}/${chipset}`], { cwd: root, encoding: 'utf8' }),
    ).map((document) => document.toJS() as Named);

  it('mounts the edges and the disk of its own place into a stage, and starts it anew when its edges change', () => {
    const objects = build('porch-detector', 'gate-oslo', 'edge-box');
    const deployment = new Deployment(objects.find(({ kind }) => kind === 'Deployment'));
    deployment.validate();
    const nameOf = (wanted: string) => objects.find(({ kind }) => kind === wanted)?.metadata.name;
    expect(deployment.spec?.template.spec?.volumes).toMatchObject([
      { name: 'model', image: { reference: `registry.example/acme/detector@${digest('2')}` } },
      { name: 'tmp' },
      { name: 'edges', configMap: { name: nameOf('ConfigMap') } },
      { name: 'kept', persistentVolumeClaim: { claimName: nameOf('PersistentVolumeClaim') } },
    ]);
    expect(deployment.spec?.template.metadata?.annotations).toMatchObject({
      'fieldproof.dev/edges': expect.stringMatching(/^sha256:/),
    });
    const login = deployment.spec?.template.spec?.containers[0]?.env?.find(({ name }) => name === 'FIELDPROOF_BROKER_PASSWORD');
    expect(login?.valueFrom?.secretKeyRef).toEqual({ name: 'porch-broker', key: 'password' });
    expect(new Set(objects.map(({ metadata }) => metadata.namespace))).toEqual(new Set(['porch-detector']));
  });

  it('runs the broker by its digest', () => {
    const broker = new StatefulSet(build('porch-broker', 'cloud-eu', 'cloud-x86').find(({ kind }) => kind === 'StatefulSet'));
    broker.validate();
    expect(broker.spec?.template.spec?.containers[0]?.image).toBe(`registry.example/nats@${digest('9')}`);
  });
});
