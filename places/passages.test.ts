import { describe, expect, it } from 'vitest';
import type { Graph, Stage } from '#graphs';
import { passagesAt } from './passages.ts';

const stage = (name: string, ...from: string[]): Stage => ({ name, from, work: { kind: 'stock', stock: 'decode' } });
const graph: Graph = {
  name: 'door',
  answer: 'alarm',
  stages: [stage('look'), stage('find', 'look'), stage('cut', 'look', 'find'), stage('draw', 'look'), stage('alarm', 'find')],
};
const at = { look: 'edge', find: 'cloud', cut: 'cloud', draw: 'office', alarm: 'edge' };
const at1 = (place: keyof typeof mine) => passagesAt(graph, mine[place], at);
const mine = { edge: ['look', 'alarm'], cloud: ['find', 'cut'], office: ['draw'] };

describe('the ways over the wall of a place', () => {
  it('are one for all that a place reads of a stage, and both sides find the same', () => {
    expect(at1('edge').out).toEqual([
      { from: 'look', to: 'find', readers: ['find', 'cut'] },
      { from: 'look', to: 'draw', readers: ['draw'] },
    ]);
    expect(at1('cloud').into).toEqual([{ from: 'look', to: 'find', readers: ['find', 'cut'] }]);
    expect(at1('office').into).toEqual([{ from: 'look', to: 'draw', readers: ['draw'] }]);
  });

  it('lead back as well, and begin at cameras', () => {
    expect(at1('cloud').out).toEqual([{ from: 'find', to: 'alarm', readers: ['alarm'] }]);
    expect(at1('edge').into).toEqual([
      { from: 'find', to: 'alarm', readers: ['alarm'] },
      { from: 'cameras', to: 'look', readers: ['look'] },
    ]);
  });
});
