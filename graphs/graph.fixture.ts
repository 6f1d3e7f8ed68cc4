import type { Graph, Stage } from './graph.ts';
import type { Placement } from './placement.ts';

const stock = (name: string, work: Extract<Stage['work'], { kind: 'stock' }>, ...from: string[]): Stage => ({ name, from, work });

/** Motion, a detector, an embedder and an index, from camera to answer. */
export const DOOR: Graph = {
  name: 'door',
  answer: 'visits',
  stages: [
    stock('look', { kind: 'stock', stock: 'decode' }),
    stock('moving', { kind: 'stock', stock: 'motion', area: 0.01, hold: 1000 }, 'look'),
    { name: 'find', from: ['moving'], work: { kind: 'model', model: 'yard', task: 'detection' } },
    stock('cut', { kind: 'stock', stock: 'crop', classes: ['person'], score: 0.3, most: 2 }, 'moving', 'find'),
    { name: 'who', from: ['cut'], work: { kind: 'model', model: 'visitor', task: 'embedding' } },
    stock('known', { kind: 'stock', stock: 'index', label: 'visitor', similarity: 0.6, again: 10_000, most: 100 }, 'who'),
    stock('visits', { kind: 'stock', stock: 'events', threshold: null }, 'find'),
  ],
};

export const HYBRID: Placement = {
  name: 'hybrid',
  at: { look: 'edge', moving: 'edge', find: 'edge', cut: 'edge', who: 'cloud', known: 'cloud', visits: 'cloud' },
  links: [{ from: 'edge', to: 'cloud', profile: 'dsl' }],
};

/** The graph with one stage changed. */
export function withStage(name: string, change: Partial<Stage>, graph = DOOR): Graph {
  return { ...graph, stages: graph.stages.map((stage) => (stage.name === name ? { ...stage, ...change } : stage)) };
}
