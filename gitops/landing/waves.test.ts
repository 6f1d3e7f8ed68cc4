import { describe, expect, it } from 'vitest';
import { MemoryFleet } from '../../testing/fakes/memory-fleet.ts';
import { planOf } from '../plan.fixture.ts';
import { readDeployed } from '../read-deployed.ts';
import { renderFleet } from '../render/render-fleet.ts';
import { deploysAlike, filesByWave, outOfTurn, planWaves, withFiles, type Place } from './waves.ts';

const at = (site: string, chipset: string, canary = false) => ({ site, chipset, canary });
const names = (waves: readonly (readonly Place[])[]) =>
  waves.map((wave) => wave.map(({ site, chipset }) => `${site}/${chipset}`));

describe('waves', () => {
  it('are one where no site is a canary', () => {
    expect(names(planWaves([at('a', 'x'), at('b', 'y')], ['y', 'x']))).toEqual([['a/x', 'b/y']]);
  });

  it('begin with the canaries, and go on by chipset in the order of the configuration', () => {
    const sites = [at('a', 'x'), at('b', 'y'), at('c', 'z', true), at('d', 'x'), at('e', 'y', true)];
    expect(names(planWaves(sites, ['z', 'y', 'x']))).toEqual([['c/z', 'e/y'], ['b/y'], ['a/x', 'd/x']]);
  });

  it('take a site as a whole, with the earliest of its chipsets', () => {
    const sites = [at('a', 'x'), at('a', 'y', true), at('b', 'x'), at('b', 'y'), at('c', 'x')];
    expect(names(planWaves(sites, ['y', 'x']))).toEqual([['a/x', 'a/y'], ['b/x', 'b/y'], ['c/x']]);
  });

  it('hold the files whose path names their sites; what names none goes first', () => {
    const waves = planWaves([at('lobby', 'x', true), at('porch', 'x'), at('base', 'y')], ['x', 'y']);
    const paths = [
      'apps/porch/base/deployment.yaml',
      'apps/porch/overlays/lobby/x/kustomization.yaml',
      'apps/porch/overlays/porch/x/kustomization.yaml',
      'apps/porch/overlays/lobby-2/x/kustomization.yaml',
      'clusters/porch/porch.yaml',
      'clusters/lobby/porch.yaml',
      'argocd/porch.yaml',
    ];
    const files = paths.map((path) => ({ path, content: '' }));
    const [first, second, third] = filesByWave(files, waves, 'porch').map((wave) => wave.map(({ path }) => path));
    expect(first).toEqual(paths.filter((_, index) => [1, 3, 5, 6].includes(index)));
    expect(second).toEqual([paths[2], paths[4]]);
    // A site by the name of a folder that all share: what it would deploy early is found before it is committed.
    expect(third).toEqual([paths[0]]);
  });
});

describe('what a commit would deploy', () => {
  it('is known before it is made, and so is whose turn it is not', async () => {
    const fleet = new MemoryFleet();
    const [old, next] = [planOf('flux'), planOf('flux')];
    const date = new Date(0);
    const changed = next.sites.map(({ site, release }) => ({
      site,
      release: { ...release, model: { ...release.model, digest: `sha256:${'e'.repeat(64)}` as const } },
    }));
    await fleet.commit({ parent: null, branch: 'main', message: 'old', date, files: renderFleet(old) });
    const tip = await fleet.snapshot('main');
    const before = await readDeployed(tip, 'porch');
    const files = renderFleet({ ...next, sites: changed });
    const after = await readDeployed(withFiles(tip, files), 'porch');
    const oslo = [
      { site: 'gate-oslo', chipset: 'orin' },
      { site: 'gate-oslo', chipset: 'edge-box' },
    ];
    expect(outOfTurn(before, after, oslo).map(({ site }) => site)).toEqual(['cloud-eu', 'lobby-berlin']);
    expect(deploysAlike(before, after, oslo)).toBe(false);
    const own = files.filter(({ path }) => path.includes('gate-oslo'));
    const wave = await readDeployed(withFiles(tip, own), 'porch');
    expect(outOfTurn(before, wave, oslo)).toEqual([]);
    expect(deploysAlike(wave, after, oslo)).toBe(true);
    expect(deploysAlike(before, after, [{ site: 'nowhere', chipset: 'orin' }])).toBe(false);
  });

  it('has no file that is removed', async () => {
    const tip = await new MemoryFleet().snapshot('main');
    const draft = withFiles(tip, [
      { path: 'a/b', content: 'x' },
      { path: 'a/c', content: null },
    ]);
    expect([await draft.list('a'), await draft.read('a/b'), await draft.read('a/c')]).toEqual([['a/b'], 'x', undefined]);
  });
});
