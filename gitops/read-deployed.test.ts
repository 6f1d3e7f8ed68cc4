import { describe, expect, it } from 'vitest';
import { MemoryFleet } from '../testing/fakes/memory-fleet.ts';
import { digest, planOf } from './plan.fixture.ts';
import { parseDeployed, readDeployed } from './read-deployed.ts';
import { renderFleet } from './render/render-fleet.ts';

const date = new Date('2026-01-02T03:04:05Z');
const overlay = 'apps/porch/overlays/lobby-berlin/edge-box';

function edited(path: string, edit: (content: string) => string, kind: 'model' | 'container' = 'model') {
  const files = renderFleet(planOf('flux', kind));
  expect(files.map((file) => file.path)).toContain(path);
  return files.map((file) => (file.path === path ? { path, content: edit(file.content) } : file));
}

describe('what a branch deploys', () => {
  it.each([
    ['flux', 'model'],
    ['argocd', 'container'],
  ] as const)('is read back as it was written, for %s and a %s release', async (controller, kind) => {
    const plan = planOf(controller, kind);
    const fleet = new MemoryFleet();
    await fleet.commit({ parent: null, branch: 'main', files: renderFleet(plan), message: 'x', date });
    const deployed = await readDeployed(await fleet.snapshot('main'), 'porch');
    const written = plan.sites.map(({ site, release }) => ({ site: site.name, chipset: site.chipset.name, release }));
    expect(deployed).toHaveLength(written.length);
    expect(deployed).toEqual(expect.arrayContaining(written));
  });

  it('is nothing before the first release, nor of another model', async () => {
    const fleet = new MemoryFleet();
    expect(await readDeployed(await fleet.snapshot('main'), 'porch')).toEqual([]);
    await fleet.commit({ parent: null, branch: 'main', files: renderFleet(planOf('flux')), message: 'x', date });
    expect(await readDeployed(await fleet.snapshot('main'), 'por')).toEqual([]);
  });

  it('is the digest that a hand has written', () => {
    const files = edited(`${overlay}/kustomization.yaml`, (text) => text.replace(digest('a'), digest('c')));
    const found = parseDeployed(files, 'porch').find(({ site }) => site === 'lobby-berlin');
    expect(found?.release.model.digest).toBe(digest('c'));
  });
});

describe('a file changed so that nobody can know what it deploys', () => {
  const kustomization = `${overlay}/kustomization.yaml`;

  it.each<[string, string, (text: string) => string, RegExp]>([
    [
      'a tag',
      kustomization,
      (text) => text.replace(/digest: .*/, 'newTag: v1'),
      /edge-box\/kustomization\.yaml:\d+:\d+ \(images\.?\[0\]\S*\)/,
    ],
    [
      'half a digest',
      kustomization,
      (text) => text.replace('aaaa\n', '\n'),
      /kustomization\.yaml:\d+:\d+ \(images\[0\]\.digest\)[\s\S]*put back what Fieldproof wrote/,
    ],
    [
      'a name that is not ours',
      kustomization,
      (text) => text.replace('fieldproof.invalid/model', 'porch'),
      /no image is pinned for fieldproof\.invalid\/model/,
    ],
    [
      'an image twice',
      kustomization,
      (text) => text.replace('fieldproof.invalid/runtime', 'fieldproof.invalid/model'),
      /pinned twice/,
    ],
    ['another patch', kustomization, (text) => `${text}  - path: mine.yaml\n`, /kustomization\.yaml:\d+/],
    ['components', kustomization, (text) => `${text}components: [../x]\n`, /unknown field "components"/],
    [
      'no configuration for the volume',
      kustomization,
      (text) => text.replace(/configurations:\n.*\n/, ''),
      /the model volume is not pinned/,
    ],
    [
      'YAML that is broken',
      kustomization,
      (text) => text.replace('images:', 'images: ['),
      /kustomization\.yaml:\d+:\d+: not YAML/,
    ],
    [
      'an image in the patch',
      `${overlay}/deployment.yaml`,
      (text) => text.replace('- name: model', '- name: model\n          image: x'),
      /deployment\.yaml:\d+:\d+ \(\S+image\)/,
    ],
    [
      'a variant that is none',
      `${overlay}/deployment.yaml`,
      (text) => text.replace(' - int8', ' - --int8'),
      /--variant names no variant/,
    ],
    [
      'an image in the base',
      'apps/porch/base/deployment.yaml',
      (text) => text.replace('image: fieldproof.invalid/runtime', 'image: x'),
      /base\/deployment\.yaml:\d+:\d+ \(\S+image\)/,
    ],
  ])('is named with its line: %s', (_, path, edit, message) => {
    expect(() => parseDeployed(edited(path, edit), 'porch')).toThrow(message);
  });

  it('is named when it is missing, and so is every other problem', () => {
    const files = edited(kustomization, (text) => text.replace('namespace: porch', 'namespace: [porch]')).filter(
      ({ path }) => path !== 'apps/porch/overlays/cloud-eu/cloud-x86/deployment.yaml',
    );
    expect(() => parseDeployed(files, 'porch')).toThrow(
      /cloud-x86\/deployment\.yaml: is not there[\s\S]*edge-box\/kustomization\.yaml:\d+/,
    );
  });
});
