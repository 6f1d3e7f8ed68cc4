import { describe, expect, it } from 'vitest';
import { DOOR, HYBRID, withStage } from './graph.fixture.ts';
import { edgesOf, inOrder, modelsOf, sourcesOf } from './graph.ts';
import { graphFaults } from './graph-rules.ts';
import { crossingsOf, placementFaults, placesOf } from './placement.ts';

const container = { kind: 'container', build: 'stages/blur', takes: ['frame'], gives: 'frame', contract: 1 } as const;
const detector = { kind: 'model', model: 'yard', task: 'detection' } as const;
const told = (faults: readonly { message: string; remedy: string }[]) =>
  faults.map(({ message, remedy }) => `${message}; ${remedy}`);

describe('a graph', () => {
  it('that fits has no faults, and every stage stands after those that it takes from', () => {
    expect(graphFaults(DOOR)).toEqual([]);
    expect(inOrder(DOOR).map(({ name }) => name)).toEqual(['look', 'moving', 'find', 'cut', 'who', 'known', 'visits']);
    expect(sourcesOf(DOOR).map(({ name }) => name)).toEqual(['look']);
    expect([...modelsOf(DOOR)]).toEqual([
      ['yard', ['find']],
      ['visitor', ['who']],
    ]);
    expect(edgesOf(DOOR).find(({ to }) => to === 'who')).toEqual({ from: 'cut', to: 'who', kind: 'crop' });
  });

  it('of one model and what stands around it is a graph too', () => {
    const [look, , find, , , , visits] = DOOR.stages;
    const stages = [look, { ...find, from: ['look'] }, visits] as typeof DOOR.stages;
    expect(graphFaults({ ...DOOR, stages })).toEqual([]);
  });

  it.each([
    ['a missing stage', withStage('find', { from: ['movin'] }), /^no stage is named movin; name one of: look, moving, cut,/],
    [
      'a cycle',
      withStage('moving', { from: ['cut'] }, withStage('cut', { work: { kind: 'stock', stock: 'draw' } })),
      /^waits for itself: moving <- cut <- moving; let one of them take from a stage that comes before it$/,
    ],
    ['a stage that waits for itself', withStage('moving', { from: ['moving'] }), /^waits for itself: moving <- moving;/],
    [
      'two writers',
      {
        ...DOOR,
        stages: [...withStage('visits', { from: ['find', 'again'] }).stages, { name: 'again', from: ['look'], work: detector }],
      },
      /^two stages write its detections: find and again; let it take from one of them/,
    ],
    [
      'a type that does not fit',
      withStage('visits', { from: ['who'] }),
      /^takes detections, and who gives embedding; let it take from a stage that gives detections$/,
    ],
    [
      'half of what a stage needs',
      withStage('cut', { from: ['find'] }),
      /^nothing gives it frame; name a stage that gives frame/,
    ],
    ['a model that nothing feeds', withStage('find', { from: [] }), /^nothing gives it frame or crop;/],
    [
      'a reader of cameras that takes something',
      withStage('look', { from: ['moving'] }),
      /takes nothing, and moving gives frame|waits/,
    ],
    [
      'two ends of an edge that speak other versions',
      withStage('moving', { work: { ...container, contract: 2 } }),
      /^speaks version 2 of the message contract, and look speaks 1; build both for version 1/,
    ],
    [
      'an answer that is none',
      { ...DOOR, answer: 'find' },
      /^find gives detections, and an answer is an event; name one of: known, visits$/,
    ],
    ['an answer that is not there', { ...DOOR, answer: 'visit' }, /^no stage is named visit;/],
  ])('with %s is refused', (_what, graph, words) => {
    const [first] = told(graphFaults(graph));
    expect(first).toMatch(words);
  });
});

const known = { places: ['edge', 'cloud'], links: ['dsl'] };

describe('a placement', () => {
  it('says what goes over which link, and which way', () => {
    expect(placementFaults(DOOR, HYBRID, known)).toEqual([]);
    expect(placesOf(DOOR, HYBRID)).toEqual(['edge', 'cloud']);
    expect(crossingsOf(DOOR, HYBRID).map(({ from, to, way }) => `${from} -> ${to} ${way}`)).toEqual([
      'cut -> who up',
      'find -> visits up',
    ]);
  });

  const { visits: _, ...homeless } = HYBRID.at;
  it.each([
    ['leaves a stage homeless', { ...HYBRID, at: homeless }, /^leaves visits without a place; add visits: <place>/],
    ['names a stage that is not there', { ...HYBRID, at: { ...HYBRID.at, alert: 'edge' } }, /^door has no stage alert;/],
    ['names a place that is not there', { ...HYBRID, at: { ...HYBRID.at, visits: 'moon' } }, /^no place is named moon;/],
    [
      'has no link where something crosses',
      { ...HYBRID, links: [] },
      /^cut -> who goes from edge to cloud, and no link says how; add link: <one of dsl>/,
    ],
    [
      'has a link without a profile',
      { ...HYBRID, links: [{ from: 'edge', to: 'cloud', profile: 'adsl' }] },
      /^no link is named adsl; name one of: dsl$/,
    ],
  ])('that %s is refused', (_what, placement, words) => {
    expect(told(placementFaults(DOOR, placement, known))).toContainEqual(expect.stringMatching(words));
  });
});
