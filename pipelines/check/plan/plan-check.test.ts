import { describe, expect, it } from 'vitest';
import { digestOf, releaseOf, type Release } from '#kernel';
import { readConfig } from '../../../config/config.ts';
import { planModel, type Deployed, type PlanInput } from './plan-check.ts';

const config = readConfig(`version: 1
models:
  porch: { build: models/porch, image: registry.example/acme/porch, task: classification }
datasets:
  bench: { manifest: datasets/bench.yaml }
chipsets:
  cloud: { platform: linux/amd64 }
  edge: { platform: linux/amd64 }
gates:
  porch: [ { dataset: bench, metric: top1, margin: 2% } ]
deploy:
  controller: flux
  repository: ../fleet.git
  sites: [ { name: lobby, chipset: edge }, { name: garden, chipset: edge }, { name: eu, chipset: cloud } ]
`);
const [model] = config.models;
const releaseNamed = (name: string): Release => releaseOf({ model: digestOf(name), runtime: digestOf('runtime') });
const candidate = releaseNamed('candidate');

function planFor(deployed: readonly Deployed[], more: Partial<PlanInput> = {}) {
  if (model === undefined) throw new Error('the configuration has a model');
  return planModel({ model, config, candidate, deployed, base: null, anchor: null, roundOf: () => 'research', ...more });
}

const at = (site: string, chipset: string, name: string): Deployed => ({ site, chipset, release: releaseNamed(name) });

describe('the plan of a check', () => {
  it('finds nothing changed only where every site runs the candidate', () => {
    const everywhere = [at('lobby', 'edge', 'candidate'), at('garden', 'edge', 'candidate'), at('eu', 'cloud', 'candidate')];
    expect(planFor(everywhere).history).toBe('unchanged');
    expect(planFor([at('lobby', 'edge', 'old'), ...everywhere.slice(1)]).history).toBe('change');
  });

  it('takes a site that runs nothing yet for a change, so that it gets the candidate', () => {
    const { history, references } = planFor([at('lobby', 'edge', 'candidate'), at('eu', 'cloud', 'candidate')]);
    expect(history).toBe('change');
    expect(references).toEqual([{ release: candidate, role: 'baseline', chipsets: ['cloud', 'edge'] }]);
  });

  it('compares each distinct release of a chipset there, and what others run where nothing runs', () => {
    const { references } = planFor([at('lobby', 'edge', 'one'), at('garden', 'edge', 'two')]);
    expect(references).toEqual([
      { release: releaseNamed('one'), role: 'baseline', chipsets: ['cloud', 'edge'] },
      { release: releaseNamed('two'), role: 'baseline', chipsets: ['cloud', 'edge'] },
    ]);
  });

  it('is a first release where nothing is deployed, and compares with the base where there is no fleet', () => {
    expect(planFor([])).toMatchObject({ history: 'first', references: [] });
    const withoutFleet = { config: { ...config, deploy: null }, base: releaseNamed('base') };
    expect(planFor([], withoutFleet)).toMatchObject({ history: 'change', references: [{ role: 'baseline' }] });
    expect(planFor([], { ...withoutFleet, base: candidate }).history).toBe('unchanged');
  });

  it('compares with the anchor on the chipsets where that is not what is deployed', () => {
    const anchorsOf = (deployed: readonly Deployed[]) =>
      planFor(deployed, { anchor: releaseNamed('anchor') }).references.filter(({ role }) => role === 'anchor');
    const anchored = (chipsets: string[]) => [{ release: releaseNamed('anchor'), role: 'anchor', chipsets }];
    expect(anchorsOf([at('lobby', 'edge', 'anchor'), at('eu', 'cloud', 'anchor')])).toEqual([]);
    expect(anchorsOf([at('lobby', 'edge', 'anchor'), at('eu', 'cloud', 'worse')])).toEqual(anchored(['cloud']));
    expect(anchorsOf([at('lobby', 'edge', 'worse'), at('eu', 'cloud', 'worse')])).toEqual(anchored(['cloud', 'edge']));
    expect(planFor([], { anchor: candidate }).references).toEqual([]);
  });
});
