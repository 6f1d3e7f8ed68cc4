import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { digest } from '../plan.fixture.ts';
import { objectsOf, PUBLISHED, type Manifest } from '../published.fixture.ts';
import { BERLIN, CLOUD, graphPlanOf, OSLO } from './graph.fixture.ts';
import type { ToldEdges } from './edge-files.ts';
import type { GraphPlan } from './graph-plan.ts';
import { renderGraph } from './render-graph.ts';

const controllers = ['flux', 'argocd'] as const;
const fileAt = (plan: GraphPlan, path: string) => renderGraph(plan).find((file) => file.path === path)?.content ?? '';
const changedBy = (before: GraphPlan, after: GraphPlan) => {
  const was = new Map(renderGraph(before).map(({ path, content }) => [path, content]));
  return renderGraph(after)
    .filter(({ path, content }) => was.get(path) !== content)
    .map(({ path }) => path);
};

describe('a rendered graph', () => {
  it.each(controllers)('is, for %s, what the golden files hold', async (controller) => {
    const text = renderGraph(graphPlanOf(controller))
      .map(({ path, content }) => `### ${path}\n${content}`)
      .join('\n');
    await expect(text).toMatchFileSnapshot(join(import.meta.dirname, '__golden__', `${controller}-graph.yaml.txt`));
  });

  it.each(controllers)('is, for %s, the same bytes a second time', (controller) => {
    expect(renderGraph(graphPlanOf(controller))).toEqual(renderGraph(structuredClone(graphPlanOf(controller))));
  });

  it.each(controllers)('is, for %s, valid by the published types', (controller) => {
    const objects = objectsOf(renderGraph(graphPlanOf(controller)));
    for (const object of objects) {
      const type = PUBLISHED[`${object.apiVersion} ${object.kind}`];
      if (type === undefined) throw new Error(`no type for ${object.apiVersion} ${object.kind}`);
      new type(object as never).validate();
    }
    const kinds = new Set(objects.map(({ kind }) => kind));
    for (const kind of ['NetworkPolicy', 'StatefulSet', 'ConfigMap', 'PersistentVolumeClaim']) expect(kinds).toContain(kind);
  });

  it.each(controllers)('pins, for %s, every image by digest, and holds no secret but by name', (controller) => {
    const files = renderGraph(graphPlanOf(controller));
    const text = files.map(({ content }) => content).join('\n');
    const references = [...text.matchAll(/(?:\bimage|reference): *(\S.*)/g)].map(([, reference]) => reference);
    expect(references.filter((reference) => !reference?.startsWith('fieldproof.invalid/'))).toEqual([]);
    expect(text).toContain(`digest: ${digest('9')}`);
    expect(text).not.toMatch(/kind: Secret/);
    expect(text.match(/secretKeyRef/g)?.length).toBeGreaterThan(0);
  });
});

describe('a stage that is updated', () => {
  it.each(controllers)('moves alone with %s, at each of its sites', (controller) => {
    expect(changedBy(graphPlanOf(controller), graphPlanOf(controller, { detector: '7' }))).toEqual([
      'apps/porch-detector/overlays/gate-oslo/edge-box/kustomization.yaml',
      'apps/porch-detector/overlays/lobby-berlin/edge-box/kustomization.yaml',
    ]);
  });

  it('starts anew when its edges change, and only then', () => {
    const plan = graphPlanOf('flux');
    const wider = { ...plan, edges: plan.edges.map((edge) => (edge.from === 'motion' ? { ...edge, window: 9 } : edge)) };
    expect([...new Set(changedBy(plan, wider).map((path) => path.split('/')[1]))]).toEqual(['porch-detector', 'porch-motion']);
    expect(changedBy(plan, wider).filter((path) => path.endsWith('deployment.yaml'))).toHaveLength(4);
  });
});

describe('what a stage is told of its edges', () => {
  const toldAt = (app: string, site: string, chipset: string) => {
    const [config] = fileAt(graphPlanOf('flux'), `apps/${app}/overlays/${site}/${chipset}/edges.yaml`).split('---\n');
    return JSON.parse((parse(config ?? '') as { data: { 'edges.json': string } }).data['edges.json']) as ToldEdges;
  };

  it('is the address of a stage at its own site', () => {
    expect(toldAt('porch-motion', 'gate-oslo', 'edge-box')).toMatchObject({
      in: [],
      out: [{ edge: 'motion-detector', over: { http: 'http://porch-detector-edge-box.porch-detector.svc:8001' } }],
    });
    expect(toldAt('porch-detector', 'gate-oslo', 'edge-box').in).toMatchObject([
      { edge: 'motion-detector', over: { http: 'http://porch-motion-edge-box.porch-motion.svc:8001' } },
    ]);
  });

  it('is the subject of each site at the broker, for an edge that crosses', () => {
    expect(toldAt('porch-detector', 'lobby-berlin', 'edge-box').out).toMatchObject([
      { over: { broker: 'porch-detector-embedder-lobby-berlin' }, promised: true },
    ]);
    expect(toldAt('porch-embedder', 'cloud-eu', 'cloud-x86').in.map(({ over }) => over)).toEqual([
      { broker: 'porch-detector-embedder-gate-oslo' },
      { broker: 'porch-detector-embedder-lobby-berlin' },
    ]);
  });
});

type Peer = { namespaceSelector?: { matchLabels: Record<string, string> }; ipBlock?: { cidr: string } };
type Rule = { from?: Peer[]; to?: Peer[]; ports: { port: number }[] };
type Policy = Manifest & { spec: { podSelector: object; policyTypes: string[]; ingress: Rule[]; egress: Rule[] } };

describe('the network policies of a graph', () => {
  const named = ({ ipBlock, namespaceSelector: { matchLabels } = { matchLabels: {} } }: Peer) =>
    ipBlock?.cidr ?? matchLabels['kubernetes.io/metadata.name'] ?? `clients of ${matchLabels['fieldproof.dev/client-of']}`;
  const openings = (rules: readonly Rule[]) =>
    rules.flatMap(({ from, to, ports }) =>
      (from ?? to ?? [null]).flatMap((peer) => ports.map(({ port }) => `${peer === null ? 'anywhere' : named(peer)}:${port}`)),
    );
  const policyAt = (app: string, site: string, chipset: string) =>
    parse(fileAt(graphPlanOf('flux'), `apps/${app}/overlays/${site}/${chipset}/network.yaml`)) as Policy;
  const dns = ['kube-system:53', 'kube-system:53'];

  it.each([
    ['porch-motion', OSLO, ['porch-detector:8001', 'clients of porch:8000'], [...dns, 'porch-detector:8001']],
    ['porch-detector', OSLO, ['porch-motion:8001'], [...dns, 'porch-motion:8001', 'anywhere:4222']],
    ['porch-detector', BERLIN, ['porch-motion:8001'], [...dns, 'porch-motion:8001', 'anywhere:4222']],
    ['porch-embedder', CLOUD, ['porch-events:8001'], [...dns, 'porch-events:8001', 'porch-broker:4222']],
    ['porch-events', CLOUD, ['porch-embedder:8001', 'clients of porch:8000'], [...dns, 'porch-embedder:8001']],
    ['porch-broker', CLOUD, ['porch-embedder:4222', '198.51.100.0/24:4222'], []],
  ] as const)('let %s at %o have its edges and nothing else', (app, site, ingress, egress) => {
    const { spec } = policyAt(app, site.name, site.chipset.name);
    expect({ ...spec, ingress: openings(spec.ingress), egress: openings(spec.egress) }).toEqual({
      podSelector: {},
      policyTypes: ['Ingress', 'Egress'],
      ingress,
      egress,
    });
  });
});

describe('a graph that no fleet could run', () => {
  const plan = graphPlanOf('flux');
  const edge = { promised: false, window: 1, largest: 1 };
  it.each<[string, Partial<GraphPlan>, RegExp]>([
    ['an edge to nowhere', { edges: [{ from: 'motion', to: 'alert', ...edge }] }, /alert is at an end of an edge and no stage/],
    [
      'a stage without a site',
      { stages: plan.stages.map((stage) => ({ ...stage, places: [] })) },
      /it runs at no site[\s\S]*give it a place/,
    ],
    [
      'an edge between sites without a broker',
      { broker: null },
      /detector sends to embedder at another site, and there is no broker/,
    ],
    [
      'a stage of two digests',
      {
        stages: plan.stages.map((stage, index) =>
          index === 1
            ? {
                ...stage,
                places: [
                  ...stage.places.slice(0, 1),
                  ...(graphPlanOf('flux', { detector: '8' }).stages[1]?.places.slice(1) ?? []),
                ],
              }
            : stage,
        ),
      },
      /other bytes at one site than at another/,
    ],
    ['a name that is too long', { graph: 'p'.repeat(60) }, /longer than the 63 letters/],
  ])('is refused with its remedy: %s', (_, change, message) => {
    expect(() => renderGraph({ ...plan, ...change })).toThrow(message);
  });
});
