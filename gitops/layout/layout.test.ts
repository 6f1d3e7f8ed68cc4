import { describe, expect, it } from 'vitest';
import { digest, planOf } from '../plan.fixture.ts';
import type { FleetPlan } from '../release.ts';
import { editFleet } from './edit-fleet.ts';
import { parseFieldPath } from './field-path.ts';
import { keptFiles, type KeptFleet, type LayoutFile, type LayoutValue } from './layout.ts';
import { NOTHING_YET, parseKept } from './read-kept.ts';

const everywhere = { models: [], sites: [], chipsets: [] };
const file = (path: string, set: Readonly<Record<string, LayoutValue>>, more: Partial<LayoutFile> = {}): LayoutFile => ({
  path,
  document: null,
  set: Object.entries(set).map(([field, value]) => ({ field, value })),
  only: everywhere,
  ...more,
});

/** One site on one chipset, which runs int8 weights. */
function planAt(kind: 'model' | 'container' = 'model'): FleetPlan {
  const plan = planOf('flux', kind);
  return { ...plan, sites: plan.sites.slice(0, 1) };
}

const fleetOf = (files: readonly LayoutFile[], plan = planAt()): KeptFleet => ({
  files,
  sites: plan.sites.map(({ site }) => ({ name: site.name, chipset: site.chipset.name })),
  images: { model: 'registry.example/acme/porch', runtime: 'registry.example:5000/acme/fieldproof-runtime' },
});

const KUSTOMIZATION = `# Kept by the platform team: ask before you touch it.
apiVersion: kustomize.config.k8s.io/v1beta1
kind: Kustomization
resources: [ ../../../base ]   # shared


images:
  - name: sidecar
    newTag: 1.2.3   # {"$imagepolicy": "flux-system:sidecar:tag"}
  - {name: porch, newName: registry.example/acme/porch, digest: "${NOTHING_YET}"} # {"$imagepolicy": "x:porch:digest"}
  - name: runtime
    digest: ${digest('e')}
commonAnnotations:
    variant:   'fp32'
`;
const KUSTOMIZE = file('apps/{model}/{site}/{chipset}/kustomization.yaml', {
  'images[name=porch].digest': 'model.digest',
  'images[name=runtime].digest': 'runtime.digest',
  'commonAnnotations.variant': 'variant',
});
const PATH = 'apps/porch/lobby-berlin/edge-box/kustomization.yaml';

const DEPLOYMENT = `--- # first
apiVersion: v1
kind: Service
metadata: { name: porch-edge-box }
---
apiVersion: apps/v1
kind: Deployment
metadata:
    name: porch-edge-box
spec:
    template:
        spec:
            containers:
            -   name: proxy
                image: &proxy registry.example/proxy:1
            -   name: model
                image: &image registry.example/acme/porch:old@${digest('e')} # ours
            -   { name: again, image: *image }
            -   { name: proxy-again, image: *proxy }
...
`;
const containerOf = (name: string) => `spec.template.spec.containers[name=${name}].image`;
const document = { kind: 'Deployment', name: '{model}-{chipset}' };

/** Lines of two texts that differ. */
function changed(before: string, after: string): [string, string][] {
  const [old, now] = [before.split('\n'), after.split('\n')];
  expect(now).toHaveLength(old.length);
  return old.flatMap((line, index) => (line === now[index] ? [] : [[line, now[index] ?? '']]));
}

function edited(text: string, layout: readonly LayoutFile[], plan = planAt()): string {
  const [only, ...others] = editFleet(
    plan,
    layout,
    new Map(keptFiles(fleetOf(layout, plan), plan.model).map((path) => [path, text])),
  );
  expect(others).toEqual([]);
  return only?.content ?? text;
}

describe('a hand-kept file', () => {
  it('changes in the values alone: order, comments, setters, spaces and quotes stay', () => {
    expect(changed(KUSTOMIZATION, edited(KUSTOMIZATION, [KUSTOMIZE]))).toEqual([
      [
        `  - {name: porch, newName: registry.example/acme/porch, digest: "${NOTHING_YET}"} # {"$imagepolicy": "x:porch:digest"}`,
        `  - {name: porch, newName: registry.example/acme/porch, digest: "${digest('a')}"} # {"$imagepolicy": "x:porch:digest"}`,
      ],
      [`    digest: ${digest('e')}`, `    digest: ${digest('b')}`],
      [`    variant:   'fp32'`, `    variant:   'int8'`],
    ]);
  });

  it('keeps its line ends, and is not written at all when it says so already', () => {
    const windows = KUSTOMIZATION.replaceAll('\n', '\r\n');
    const once = edited(windows, [KUSTOMIZE]);
    expect(once).toBe(edited(KUSTOMIZATION, [KUSTOMIZE]).replaceAll('\n', '\r\n'));
    expect(editFleet(planAt(), [KUSTOMIZE], new Map([[PATH, once]]))).toEqual([]);
  });

  it('may hold several documents, anchors, and an image by name and digest in one field', () => {
    const layout = [file('deploy/{site}.yaml', { [containerOf('model')]: 'model.reference' }, { document })];
    expect(changed(DEPLOYMENT, edited(DEPLOYMENT, layout, planAt('container')))).toEqual([
      [
        `                image: &image registry.example/acme/porch:old@${digest('e')} # ours`,
        `                image: &image registry.example/acme/porch@${digest('a')} # ours`,
      ],
    ]);
  });

  it('may be the values of a Helm chart that several sites share', () => {
    const plan = planOf('flux', 'container');
    const sites = plan.sites.map(({ site }) => `  ${site.name}-${site.chipset.name}: { digest: '${NOTHING_YET}' }\n`);
    const text = `replicas: 1\nsites:\n${sites.join('')}`;
    const layout = [file('values.yaml', { 'sites.{site}-{chipset}.digest': 'model.digest' })];
    const after = edited(text, layout, plan);
    expect(after).toBe(text.replaceAll(NOTHING_YET, digest('a')));
    const read = parseKept(new Map([['values.yaml', after]]), 'porch', fleetOf(layout, plan));
    expect(read.map(({ site, chipset }) => `${site} ${chipset}`)).toEqual(
      plan.sites.map(({ site }) => `${site.name} ${site.chipset.name}`),
    );
  });

  it('may say once what several sites share, and keeps its byte order mark', () => {
    const text = `\uFEFFa: {digest: ${NOTHING_YET}, short: x}\nb: c\n`;
    const plan = planOf('flux', 'container');
    const layout = [file('values.yaml', { 'a.digest': 'model.digest', 'a["digest"]': 'model.digest', 'a.short': 'model.name' })];
    const after = edited(text, layout, plan);
    expect(after).toBe(`\uFEFFa: {digest: ${digest('a')}, short: registry.example/acme/porch}\nb: c\n`);
    expect(() => edited(text, [file('values.yaml', { 'a.digest': 'model.digest', 'a["digest"]': 'model.name' })], plan)).toThrow(
      /values\.yaml:1:\d+ \(a\["digest"\]\): is named twice/,
    );
  });

  it('is not touched when it is not UTF-8', () => {
    expect(() => edited('a: \uFFFD\n', [file('a.yaml', { a: 'model.digest' })], planAt('container'))).toThrow(
      /a\.yaml: is not UTF-8/,
    );
  });

  it('quotes a value that would be read as something else', () => {
    const plan = planAt();
    const [place] = plan.sites;
    if (place?.release.kind !== 'model') throw new Error('the fixture has another kind');
    const numbered = { ...plan, sites: [{ ...place, release: { ...place.release, variant: '8' } }] };
    const text = KUSTOMIZATION.replace("'fp32'", 'fp32');
    expect(edited(text, [KUSTOMIZE], numbered)).toContain('variant:   "8"');
  });
});

describe('what a hand-kept fleet runs', () => {
  it('is read from the very fields that are written', () => {
    const plan = planAt();
    const after = new Map([[PATH, edited(KUSTOMIZATION, [KUSTOMIZE])]]);
    expect(parseKept(after, 'porch', fleetOf([KUSTOMIZE]))).toEqual([
      { site: 'lobby-berlin', chipset: 'edge-box', release: plan.sites[0]?.release },
    ]);
  });

  it('is nothing where its digest is all zeros', () => {
    expect(parseKept(new Map([[PATH, KUSTOMIZATION]]), 'porch', fleetOf([KUSTOMIZE]))).toEqual([]);
  });

  it.each<[string, string, Readonly<Record<string, LayoutValue>>, RegExp]>([
    [
      'a tag',
      KUSTOMIZATION,
      { 'images[name=sidecar].newTag': 'model.digest' },
      /kustomization\.yaml:9:13 \(images\[name=sidecar\]\.newTag\): 1\.2\.3 is no digest[\s\S]*pin the image by digest; write sha256:0000/,
    ],
    [
      'two fields that disagree',
      KUSTOMIZATION,
      { 'images[name=porch].digest': 'model.digest', 'images[name=runtime].digest': 'model.digest' },
      /kustomization\.yaml:12:\d+ .*: says sha256:eeee\S+ where another field of the layout says sha256:0000/,
    ],
    ['a number', 'digest: 12\n', { digest: 'model.digest' }, /:1:9 \(digest\): is not a text/],
  ])('cannot be known from %s', (_, text, set, message) => {
    const layout = [file(KUSTOMIZE.path, set)];
    expect(() => parseKept(new Map([[PATH, text]]), 'porch', fleetOf(layout))).toThrow(message);
  });
});

describe('a file that is not as the layout has it', () => {
  const other = (field: string, text = KUSTOMIZATION) =>
    [text, [file(KUSTOMIZE.path, { [field]: 'model.digest', r: 'runtime.digest', v: 'variant' })]] as const;

  it.each<[string, readonly [string, readonly LayoutFile[]], RegExp]>([
    [
      'no such key',
      other('images[name=porch].sha'),
      /kustomization\.yaml:10:5 \(images\[name=porch\]\.sha\): has no field sha\n {2}remedy: correct the file, or deploy\.layout/,
    ],
    [
      'no such item',
      other('images[name=door].digest'),
      /kustomization\.yaml:8:3 \(images\[name=door\]\.digest\): has no item with name: door/,
    ],
    [
      'two such items',
      other('images[name=door].digest', 'images: [{name: door, digest: a}, {name: door, digest: b}]\n'),
      /has 2 items with name: door/,
    ],
    ['no list', other('resources.digest'), /:4:\d+ \(resources\.digest\): has no field digest: this is not a map/],
    ['an index past the end', other('images[7]'), /has no item 7/],
    ['a map where a value is expected', other('images[0]'), /is not a single value/],
    [
      'an empty field',
      other('digest', 'digest: # {"$imagepolicy": "x"}\nr: a\n'),
      /:1:\d+ \(digest\): is empty: write a value there once/,
    ],
    ['a block', other('digest', 'digest: |\n  sha256:x\n'), /is a block of text/],
    ['an alias', other('b', 'a: &d x\nb: *d\n'), /:2:4 \(b\): is the alias \*d/],
    ['a field behind an alias', other('b.c', 'a: &d { c: x }\nb: *d\n'), /\(b\.c\): lies behind the alias \*d/],
    ['a field behind a merge', other('b.c', 'a: &d { c: x }\nb: { <<: *d }\n'), /\(b\.c\): has no field c/],
    ['a Helm template', other('a', '{{- if .Values.x }}\na: b\n{{- end }}\n'), /not YAML/],
    ['a key twice', other('a', 'a: b\na: c\n'), /:2:1: not YAML: Map keys must be unique/],
    ['several documents', other('a', 'a: b\n---\na: c\n'), /2 documents in it, where exactly one is expected/],
    ['nothing', other('a', '# empty\n'), /no documents in it/],
  ])('is named with its line and remedy: %s', (_, [text, layout], message) => {
    expect(() => edited(text, layout)).toThrow(message);
  });

  it('is named when it is missing, or has no such document', () => {
    expect(() => editFleet(planAt(), [KUSTOMIZE], new Map())).toThrow(
      /edge-box\/kustomization\.yaml: is not there, though deploy\.layout/,
    );
    const layout = [
      file('x.yaml', { [containerOf('model')]: 'model.reference' }, { document: { kind: 'Deployment', name: 'door' } }),
    ];
    expect(() => edited(DEPLOYMENT, layout, planAt('container'))).toThrow(/no documents Deployment door in it/);
  });

  it('is named together with every other', () => {
    const layout = [KUSTOMIZE, file('b.yaml', { x: 'model.digest' }), file('c.yaml', { y: 'model.digest' })];
    const texts = new Map([
      [PATH, KUSTOMIZATION],
      ['b.yaml', 'a: 1\n'],
      ['c.yaml', 'b: 1\n'],
    ]);
    expect(() => editFleet(planAt(), layout, texts)).toThrow(
      /b\.yaml:1:1 \(x\): has no field x[\s\S]*c\.yaml:1:1 \(y\): has no field y/,
    );
  });
});

describe('a layout that cannot hold a release', () => {
  it.each<[string, Readonly<Record<string, LayoutValue>>, RegExp]>([
    [
      'without the model',
      { a: 'runtime.digest', b: 'variant' },
      /\(deploy\.layout \(model\.digest\)\): a release has it, and the layout does not say where/,
    ],
    ['without the runtime', { a: 'model.digest', b: 'variant' }, /\(deploy\.layout \(runtime\.digest\)\)/],
    ['without the variant', { a: 'model.digest', b: 'runtime.digest' }, /\(deploy\.layout \(variant\)\)/],
  ])('is refused: %s', (_, set, message) => {
    expect(() => edited('a: x\nb: x\n', [file('a.yaml', set)])).toThrow(message);
  });

  it('is refused when a container has no such thing, or sites share a field in which they differ', () => {
    expect(() =>
      edited('a: x\nb: x\n', [file('a.yaml', { a: 'model.digest', b: 'runtime.digest' })], planAt('container')),
    ).toThrow(/porch brings its own server, so it has no runtime\.digest/);
    const shared = [file('a.yaml', { a: 'model.digest', b: 'runtime.digest', c: 'variant' })];
    expect(() => edited('a: x\nb: x\nc: x\n', shared, planOf('flux'))).toThrow(
      /a\.yaml has one c for lobby-berlin on edge-box and gate-oslo on orin, which differ/,
    );
  });

  it('may be limited to models, sites and chipsets', () => {
    const layout = [
      file('edge.yaml', { a: 'model.digest' }, { only: { ...everywhere, chipsets: ['edge-box', 'orin'] } }),
      file('{site}.yaml', { a: 'model.digest' }, { only: { ...everywhere, sites: ['cloud-eu'], models: ['porch'] } }),
    ];
    const plan = planOf('flux', 'container');
    expect(keptFiles(fleetOf(layout, plan), 'porch')).toEqual(['cloud-eu.yaml', 'edge.yaml']);
    expect(keptFiles(fleetOf(layout, plan), 'door')).toEqual(['edge.yaml']);
  });
});

describe('a path to a field', () => {
  it.each([
    ['a', [{ kind: 'key', key: 'a' }]],
    [
      'a.b[0].c',
      [
        { kind: 'key', key: 'a' },
        { kind: 'key', key: 'b' },
        { kind: 'index', index: 0 },
        { kind: 'key', key: 'c' },
      ],
    ],
    [
      'a[name=registry.example:5000/x y].b',
      [
        { kind: 'key', key: 'a' },
        { kind: 'item', field: 'name', value: 'registry.example:5000/x y' },
        { kind: 'key', key: 'b' },
      ],
    ],
    [
      'a["example.com/b"]',
      [
        { kind: 'key', key: 'a' },
        { kind: 'key', key: 'example.com/b' },
      ],
    ],
  ])('%s is read', (text, steps) => {
    expect(parseFieldPath(text)).toEqual(steps);
  });

  it.each(['', '.', 'a.', '.a', 'a..b', 'a.[0]', 'a[', 'a[]', 'a[x]', 'a b', 'a[0]b', 'a[name=]'])('%j is none', (text) => {
    expect(parseFieldPath(text)).toBeNull();
  });
});
