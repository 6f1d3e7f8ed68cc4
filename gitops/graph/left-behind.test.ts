import { describe, expect, it } from 'vitest';
import { graphPlanOf, OSLO } from './graph.fixture.ts';
import { leftBehind } from './left-behind.ts';
import { renderGraph } from './render-graph.ts';

const plan = graphPlanOf('flux');
const written = renderGraph(plan).map(({ path }) => path);

describe('what a graph needs no more', () => {
  it('is nothing of what it has just written', () => {
    expect(leftBehind(plan, [], written)).toEqual([]);
  });

  it('are a stage’s files at a site where it does not run any longer', () => {
    const stages = plan.stages.map((stage) => ({ ...stage, places: stage.places.filter(({ site }) => site.name !== OSLO.name) }));
    const left = leftBehind({ ...plan, stages }, [], written);
    expect(left).toEqual(written.filter((path) => path.includes(OSLO.name) && path !== `clusters/${OSLO.name}/fieldproof.yaml`));
    expect(left).toContain(`clusters/${OSLO.name}/porch-motion.yaml`);
  });

  it('is all of a stage that it has no more', () => {
    const stages = plan.stages.filter(({ name }) => name !== 'embedder');
    const left = leftBehind({ ...plan, stages }, ['embedder'], written);
    expect(left).toEqual(written.filter((path) => path.includes('porch-embedder')));
  });

  it('is the broker where nothing leaves its site', () => {
    const left = leftBehind({ ...plan, broker: null }, [], written);
    expect(left).toEqual(written.filter((path) => path.includes('porch-broker')));
  });

  it.each([
    ['beside a stage', 'apps/porch-motion/README.md'],
    ['in a place that it needs', 'apps/porch-motion/overlays/gate-oslo/edge-box/patches/more.yaml'],
    ['of another stage', 'apps/porch-motions/overlays/hub/edge-box/kustomization.yaml'],
    ['of a model', 'clusters/hub/motion.yaml'],
  ])('is not what others have put %s', (_, path) => {
    expect(leftBehind(plan, ['old'], [path])).toEqual([]);
  });
});
