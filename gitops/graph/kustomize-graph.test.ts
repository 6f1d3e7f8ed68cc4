import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { Deployment, StatefulSet } from 'kubernetes-models/apps/v1';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parseAllDocuments } from 'yaml';
import { binary } from '../../testing/rig/components.ts';
import { digest } from '../plan.fixture.ts';
import { parseDeployed } from '../read-deployed.ts';
import { graphPlanOf } from './graph.fixture.ts';
import type { GraphPlan } from './graph-plan.ts';
import { renderGraph } from './render-graph.ts';

const ofRig = binary('kustomize');
const kustomize = process.env['KUSTOMIZE'] ?? (existsSync(ofRig) ? ofRig : 'kustomize');
const absent = spawnSync(kustomize, ['version']).status !== 0;

/** As its embedder was, were it a program of somebody's own. */
const withProgram = (plan: GraphPlan): GraphPlan => ({
  ...plan,
  stages: plan.stages.map((stage) => (stage.name === 'embedder' ? { ...stage, runs: 'beside the runtime' } : stage)),
});

type Named = { kind: string; metadata: { name: string; namespace?: string } };

describe.skipIf(absent)('what kustomize makes of a graph (needs kustomize: make rig-build)', () => {
  let root = '';
  const files = renderGraph(withProgram(graphPlanOf('flux')));
  beforeAll(() => {
    root = mkdtempSync(join(tmpdir(), 'fieldproof-kustomize-'));
    for (const { path, content } of files) {
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

  it("runs a program of somebody's own beside the runtime that brings it messages, each by its digest", () => {
    const objects = build('porch-embedder', 'cloud-eu', 'cloud-x86');
    const deployment = new Deployment(objects.find(({ kind }) => kind === 'Deployment'));
    deployment.validate();
    const { containers, initContainers, volumes } = deployment.spec?.template.spec ?? { containers: [] };
    expect(initContainers).toMatchObject([
      {
        name: 'program',
        image: `registry.example/acme/embedder@${digest('3')}`,
        restartPolicy: 'Always',
        // Three containers of the graph share the two processors there.
        resources: { requests: { cpu: '666m' }, limits: { cpu: '2' } },
        volumeMounts: expect.arrayContaining([{ name: 'socket', mountPath: '/socket' }]) as unknown,
      },
    ]);
    expect(containers).toMatchObject([{ image: `registry.example/acme/fieldproof-runtime@${digest('b')}` }]);
    expect(containers[0]?.volumeMounts).toContainEqual({ name: 'socket', mountPath: '/socket' });
    expect(volumes?.map(({ name }) => name)).toEqual(['socket', 'tmp', 'edges', 'kept']);
    const [read] = parseDeployed(
      files.filter(({ path }) => path.startsWith('apps/porch-embedder/')),
      'porch-embedder',
    );
    expect(read?.release).toMatchObject({ kind: 'model', model: { digest: digest('3') }, runtime: { digest: digest('b') } });
  });

  it('runs the broker by its digest', () => {
    const broker = new StatefulSet(build('porch-broker', 'cloud-eu', 'cloud-x86').find(({ kind }) => kind === 'StatefulSet'));
    broker.validate();
    expect(broker.spec?.template.spec?.containers[0]?.image).toBe(`registry.example/nats@${digest('9')}`);
  });
});
