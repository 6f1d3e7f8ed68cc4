import { describe, expect, it } from 'vitest';
import { digestOf } from '#kernel';
import { renderGraph } from '#gitops';
import { readConfig, type Config } from '../../../config/config.ts';
import { doorText } from '../../../config/door.fixture.ts';
import { planGraph, type GraphBytes, type Shipped } from './plan-graph.ts';

function shippedBy(text = doorText()): Shipped {
  const { graphs, deploy, chipsets }: Config = readConfig(text);
  const [graph] = graphs;
  const placement = graph?.placements.find(({ name }) => name === graph.deploy?.placement);
  if (graph?.deploy == null || deploy === null || placement === undefined) throw new Error('the door is shipped');
  return { graph, to: graph.deploy, placement, deploy, chipsets };
}

const model = (word: string, threshold: number | null) => ({
  image: `registry.example/acme/${word}`,
  digest: digestOf(word),
  threshold,
  variantOn: (chipset: string) => (chipset === 'edge' ? 'int8' : null),
});
const bytes: GraphBytes = {
  stageImage: digestOf('stages'),
  models: new Map([
    ['find', model('yard', 0.4)],
    ['who', model('visitor', null)],
  ]),
  containers: new Map([['blur', digestOf('blur')]]),
};
const rule = { framesPerSecond: 5, persistence: 2, mergeGap: 1, minimumArea: 0, labels: { alarm: ['person'] } };
const stages = { image: 'registry.example/acme/fieldproof-stage', digest: digestOf('stages') };

describe('a graph as it goes to the fleet', () => {
  const plan = planGraph(shippedBy(), bytes, rule);
  const stageOf = (name: string) => plan.stages.find((stage) => stage.name === name);

  it('has each stage at every site of its place, with what its kind runs there', () => {
    expect(plan.stages.map(({ name, places }) => [name, places.map(({ site }) => site.name)])).toEqual([
      ['look', ['garden-oslo', 'lobby-berlin']],
      ['blur', ['garden-oslo', 'lobby-berlin']],
      ['find', ['garden-oslo', 'lobby-berlin']],
      ['cut', ['garden-oslo', 'lobby-berlin']],
      ['who', ['cloud-eu']],
      ['known', ['cloud-eu']],
      ['visits', ['garden-oslo', 'lobby-berlin']],
    ]);
    expect(stageOf('look')?.places[0]?.release).toEqual({ kind: 'container', model: stages });
    const blur = { image: 'registry.example/acme/blur', digest: digestOf('blur') };
    expect(stageOf('blur')?.places[0]?.release).toEqual({ kind: 'model', model: blur, runtime: stages, variant: null });
    const stood = ({ name, desk, runs }: (typeof plan.stages)[number]) => [name, desk, runs];
    expect(plan.stages.map(stood)).toEqual([
      ['look', 'cameras', 'in the runtime'],
      ['blur', null, 'beside the runtime'],
      ['find', null, 'in the runtime'],
      ['cut', null, 'in the runtime'],
      ['who', null, 'in the runtime'],
      ['known', null, 'in the runtime'],
      ['visits', 'answers', 'in the runtime'],
    ]);
    const [yard, visitor] = ['yard', 'visitor'].map((word) => ({
      image: `registry.example/acme/${word}`,
      digest: digestOf(word),
    }));
    expect(stageOf('find')?.places[0]?.release).toEqual({ kind: 'model', model: yard, runtime: stages, variant: 'int8' });
    expect(stageOf('who')?.places[0]?.release).toEqual({ kind: 'model', model: visitor, runtime: stages, variant: null });
  });

  it('tells each stage its work; whoever makes events counts from the threshold of the model before it', () => {
    expect(stageOf('visits')?.told).toEqual({
      name: 'visits',
      from: ['find'],
      work: { kind: 'stock', stock: 'events', threshold: null },
      graph: 'door',
      rule: { ...rule, threshold: 0.4 },
      queue: 3,
      isAnswer: true,
    });
    expect(stageOf('cut')?.told).toMatchObject({ work: { stock: 'crop', classes: ['person'] }, isAnswer: false });
  });

  it('does not start other stages anew for a new threshold', () => {
    const other = planGraph(shippedBy(), { ...bytes, models: new Map([...bytes.models, ['find', model('yard', 0.9)]]) }, rule);
    const changed = other.stages.filter(({ told }, index) => JSON.stringify(told) !== JSON.stringify(plan.stages[index]?.told));
    expect(changed.map(({ name }) => name)).toEqual(['visits']);
  });

  it('counts from the threshold that the stage itself names', () => {
    const own = planGraph(shippedBy(doorText().replace('events, from: find', 'events, from: find, threshold: 0.7')), bytes, rule);
    expect(own.stages.at(-1)?.told).toMatchObject({ rule: { threshold: 0.7 } });
  });

  it('is refused where nobody names one', () => {
    const models = new Map([...bytes.models, ['find', model('yard', null)]]);
    expect(() => planGraph(shippedBy(), { ...bytes, models }, rule)).toThrow(
      /graphs\.door\.stages\.visits\): no model before it names a threshold/,
    );
  });

  it('promises events, and bears what its edges carry', () => {
    const edge = (from: string, to: string) => plan.edges.find((one) => one.from === from && one.to === to);
    expect(plan.edges).toHaveLength(7);
    expect(plan.edges.every(({ promised }) => !promised)).toBe(true);
    expect(edge('look', 'blur')?.largest).toBeGreaterThan(3840 * 2160 * 3);
    expect(edge('find', 'visits')?.largest).toBeLessThan(edge('look', 'blur')?.largest ?? 0);
    const told = doorText().replace(
      '    answer:',
      '      tell: { container: stages/tell, image: registry.example/acme/tell, takes: [event], gives: event, from: visits }\n    answer:',
    );
    const containers = new Map([...bytes.containers, ['tell', digestOf('tell')]]);
    const promised = planGraph(shippedBy(told), { ...bytes, containers }, rule).edges.filter((one) => one.promised);
    expect(promised).toMatchObject([{ from: 'visits', to: 'tell' }]);
  });

  it('has a broker where an edge leaves its site, and only there', () => {
    expect(plan.broker).toMatchObject({
      site: { name: 'cloud-eu', chipset: { name: 'cloud' } },
      port: 4222,
      storageBytes: 10 * 1024 ** 3,
    });
    const here = doorText()
      .replace('placement: hybrid', 'placement: alone')
      .replace('places: { edge: [garden-oslo, lobby-berlin], cloud: [cloud-eu] }', 'places: { cloud: [cloud-eu] }');
    expect(planGraph(shippedBy(here), bytes, rule).broker).toBeNull();
  });

  it('can be rendered, and comes out the same', () => {
    expect(renderGraph(plan).length).toBeGreaterThan(50);
    expect(renderGraph(planGraph(shippedBy(), bytes, rule))).toEqual(renderGraph(plan));
  });
});
