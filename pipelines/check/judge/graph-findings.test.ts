import { describe, expect, it } from 'vitest';
import { memoryCheck, memoryConfig } from '../../../testing/worlds/memory-check.ts';
import type { GraphJudge } from '../graph-judge.ts';
import type { Judgement } from './judge-model.ts';
import { withGraphs } from './graph-findings.ts';

const graph = `  door: [{ placement: here, dropped: at-most 2% }]
graphs:
  door:
    footage: street
    stages:
      look: { stock: decode }
      find: { model: porch, from: look }
      visits: { stock: events, from: find }
places: { site: {} }
placements: { door: { here: { stages: { "*": site } } } }
`;
const nothing: Judgement = { findings: [], latency: [], exhibits: [], prediction: null, notes: [] };
const failing: GraphJudge = async () => ({
  findings: [
    { placement: 'here', measure: 'dropped', outcome: 'fail', reason: 'frames dropped is 31%: clearly misses the 2% allowed' },
  ],
  notes: ['door: here was on the frontier'],
});

describe('a model that is a stage', () => {
  it('is judged with the graph, whose findings decide', async () => {
    const asked: string[] = [];
    const { context } = await memoryCheck({
      config: memoryConfig(graph),
      ports: { graphs: async (question) => (asked.push(question.graph), await failing(question)) },
    });
    const { findings, notes } = await withGraphs(nothing, 'porch', context);
    expect(findings).toMatchObject([{ role: 'decides', outcome: 'fail', metric: 'door, here: dropped' }]);
    expect(notes).toEqual(['door: here was on the frontier']);
    expect(asked).toEqual(['door']);
  });

  it.each([
    ['nothing here can measure graphs', null, true],
    ['no model may run beside a token', failing, false],
  ])('is undecided where %s', async (_why, graphs, mayRun) => {
    const { context } = await memoryCheck({ config: memoryConfig(graph), ports: { graphs } });
    const { findings } = await withGraphs(nothing, 'porch', { ...context, mayRun });
    expect(findings).toMatchObject([
      { role: 'decides', outcome: 'inconclusive', remedy: expect.stringContaining('fieldproof place') },
    ]);
  });

  it.each([
    ['is in none', ''],
    ['is in one without gates', graph.replace(/.*dropped.*\n/, '')],
  ])('has nothing more to pass where it %s', async (_what, more) => {
    const { context } = await memoryCheck({ config: memoryConfig(more), ports: { graphs: failing } });
    expect(await withGraphs(nothing, 'porch', context)).toEqual(nothing);
  });
});
