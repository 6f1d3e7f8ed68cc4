import { describe, expect, it } from 'vitest';
import { silentProgress } from '#kernel';
import { memoryPorts } from '../../testing/worlds/memory-check.ts';
import { bench, openSmall, street } from '../../testing/worlds/small-datasets.ts';
import { openGraph } from './open-graph.ts';
import type { PlacePorts, PlaceRequest } from './ports.ts';

const config = `version: 1
models:
  yard: { build: models/yard, image: registry.example/acme/yard, task: detection }
datasets:
  bench: { manifest: datasets/bench.yaml }
  street: { manifest: datasets/street.yaml }
chipsets:
  here: { platform: linux/amd64 }
gates:
  yard: [{ chipset: here, metric: latency-p50, margin: 10% }]
`;
const graph = `graphs:
  door:
    footage: street
    stages:
      look: { stock: decode }
      find: { model: yard, from: look }
      visits: { stock: events, from: find }
places: { site: {} }
placements: { door: { here: { stages: { "*": site } } } }
`;
const container = graph.replace(
  'find: { model: yard, from: look }',
  'find: { container: stages/find, takes: [frame], gives: detections, from: look }',
);

const request: PlaceRequest = { graph: null, placements: [], repeats: 1, base: null, head: null, cameras: null, bearing: null };

async function open(text: string | null, asked: Partial<PlaceRequest> = {}) {
  const { ports } = memoryPorts();
  const tree = { folder: '/models', exists: async () => text !== null, read: async () => text ?? '' };
  const samples = { load: async ({ name }: { name: string }) => openSmall(name === 'bench' ? bench : street) };
  const runner: PlacePorts['runner'] = { run: async () => await Promise.reject(new Error('nothing runs here')) };
  const own: PlacePorts = {
    ...ports,
    tree,
    samples,
    runner,
    files: ports.repository,
    repository: null,
    progress: silentProgress,
  };
  return await openGraph({ ...request, ...asked }, own);
}

describe('what is to be placed', () => {
  it.each([
    ['no configuration', null, {}, /fieldproof.yaml: is not in \/models/],
    ['a configuration without graphs', config, {}, /fieldproof.yaml \(graphs\): there are none/],
    [
      'a graph that is not there',
      config + graph,
      { graph: 'gate' },
      /\(graphs\): there is no gate\n {2}remedy: name one of: door/,
    ],
    [
      'a placement that is not there',
      config + graph,
      { placements: ['hybrid'] },
      /\(placements\.door\): there is no hybrid\n {2}remedy: name one of: here/,
    ],
    ['a graph without placements', config + graph.replace(/placements: .*\n/, ''), {}, /\(placements\.door\): there are none/],
    [
      'a footage of pictures',
      config + graph.replace('footage: street', 'footage: bench'),
      {},
      /bench holds pictures, and a graph is measured on clips/,
    ],
    ['commits of a folder that is no repository', config + graph, { base: 'main' }, /is no Git repository, and has no commits/],
    ['a container of somebody', config + container, {}, /containers of your own are not started by a measurement yet/],
  ])('%s is refused with what to do', async (_what, text, asked, words) => {
    await expect(open(text, asked)).rejects.toThrow(words);
  });
});
