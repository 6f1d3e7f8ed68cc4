import { describe, expect, it } from 'vitest';
import { readConfig } from './config.ts';
import { policyDigest } from './policy-digest.ts';
import { problemsOf } from './problems.fixture.ts';

const models = `version: 1
models:
  yard: { build: models/yard, image: registry.example/acme/yard, task: detection }
  visitor: { build: models/visitor, image: registry.example/acme/visitor, task: embedding }
datasets:
  street: { manifest: datasets/street.yaml }
chipsets:
  here: { platform: linux/amd64 }
gates:
  yard: [{ dataset: street, metric: event-recall, at-least: 50% }, { dataset: street, metric: false-alarms-per-hour, at-most: 9 }]
  visitor: [{ chipset: here, metric: latency-p50, margin: 10% }]
`;
const graph = `${models}  door:
    - { placement: hybrid, metric: event-recall, margin: 5%, at-least: 60% }
    - { placement: hybrid, uplink: at-most 200 kbit/s, end-to-end-p95: at-most 2s, dropped: at-most 2%, cost: at-most 3.5 }
graphs:
  door:
    footage: street
    stages:
      look: { stock: decode }
      moving: { stock: motion, from: look, area: 2% }
      find: { model: yard, from: moving }
      cut: { stock: crop, from: [moving, find], classes: [person] }
      who: { model: visitor, from: cut }
      known: { stock: index, from: who }
      visits: { stock: events, from: find }
    answer: visits
places:
  edge: { cpus: 0.25, memory: 512MiB, price: { month: 6 } }
  cloud: { price: { cpu-hour: 0.04 } }
links:
  dsl: { up: 2Mbit/s, down: 16Mbit/s, delay: 20ms, price: { gigabyte: 0.08 } }
placements:
  door:
    traditional: { stages: { "*": cloud } }
    hybrid: { stages: { "*": edge, who: cloud, known: cloud, visits: cloud }, link: dsl }
`;

describe('graphs in fieldproof.yaml', () => {
  it('are resolved: stages with what they are told, placements stage by stage, bounds in base units', () => {
    const { graphs, places, links } = readConfig(graph);
    expect(graphs[0]).toMatchObject({ name: 'door', footage: 'street', cameras: 1, queue: 4, graph: { answer: 'visits' } });
    expect(graphs[0]?.graph.stages[1]).toEqual({
      name: 'moving',
      from: ['look'],
      work: { kind: 'stock', stock: 'motion', area: 0.02, hold: 1000 },
    });
    expect(graphs[0]?.graph.stages[4]?.work).toEqual({ kind: 'model', model: 'visitor', task: 'embedding' });
    expect(graphs[0]?.placements).toMatchObject([
      { name: 'traditional', at: { look: 'cloud', visits: 'cloud' }, links: [] },
      {
        name: 'hybrid',
        at: { look: 'edge', find: 'edge', who: 'cloud' },
        links: [{ from: 'edge', to: 'cloud', profile: 'dsl' }],
      },
    ]);
    expect(graphs[0]?.gates).toEqual([
      { kind: 'quality', placement: 'hybrid', metric: 'event-recall', margin: 0.05, atLeast: 0.6, atMost: null },
      { kind: 'bound', placement: 'hybrid', axis: 'uplink', atMost: 200_000 },
      { kind: 'bound', placement: 'hybrid', axis: 'end-to-end-p95', atMost: 2000 },
      { kind: 'bound', placement: 'hybrid', axis: 'dropped', atMost: 0.02 },
      { kind: 'bound', placement: 'hybrid', axis: 'cost', atMost: 3.5 },
    ]);
    expect(places[0]).toEqual({ name: 'edge', cpus: 0.25, memoryBytes: 2 ** 29, price: { month: 6, cpuHour: 0 } });
    expect(links[0]).toMatchObject({ name: 'dsl', up: 2e6, down: 16e6, delay: 20, jitter: 0, loss: 0, pricePerGigabyte: 0.08 });
  });

  it('change nothing for a model that is judged alone, and are part of the policy of one that is a stage', () => {
    const [alone, beside] = [readConfig(models), readConfig(graph)];
    const ungated = readConfig(graph.replace(/  door:\n    - .*\n    - .*\n/, ''));
    expect(beside.models).toEqual(alone.models);
    for (const model of alone.models) {
      expect(policyDigest(ungated, model)).toBe(policyDigest(alone, model));
      expect(policyDigest(beside, model)).not.toBe(policyDigest(alone, model));
    }
  });

  const swap = (from: string, to: string) => graph.replace(from, to);
  it.each([
    ['a cycle', swap('motion, from: look', 'motion, from: moving'), 'graphs.door.stages.moving.from', /waits for itself/],
    ['a missing stage', swap('from: who }', 'from: whom }'), 'graphs.door.stages.known.from[0]', /no stage is named whom/],
    [
      'two writers',
      swap('events, from: find', 'events, from: [find, again]').replace(
        '    answer',
        '      again: { model: yard, from: look }\n    answer',
      ),
      'graphs.door.stages.visits.from',
      /two stages write its detections/,
    ],
    [
      'a type that does not fit',
      swap('index, from: who', 'index, from: cut'),
      'graphs.door.stages.known.from',
      /takes embedding, and cut gives crop/,
    ],
    [
      'contracts that do not fit',
      swap(
        '{ stock: motion, from: look, area: 2% }',
        '{ container: stages/m, takes: [frame], gives: frame, contract: 2, from: look }',
      ),
      'graphs.door.stages.moving.from[0]',
      /version 2 .* look speaks 1/,
    ],
    [
      'an unknown model',
      swap('model: visitor, from', 'model: visitors, from'),
      'graphs.door.stages.who.model',
      /no model is named visitors/,
    ],
    ['an unknown footage', swap('footage: street', 'footage: road'), 'graphs.door.footage', /no dataset is named road/],
    ['no answer', swap('    answer: visits\n', ''), 'graphs.door', /does not say which of its stages is the answer/],
    [
      'a name that a model has',
      graph.replace('graphs:\n  door:', 'graphs:\n  yard:').replace('  door:\n    trad', '  yard:\n    trad'),
      'graphs.yard',
      /a model is named the same/,
    ],
    [
      'more stages than anybody has',
      graph.replace(
        '    stages:\n',
        `    stages:\n${Array.from({ length: 64 }, (_, at) => `      x${at}: { stock: draw, from: look }\n`).join('')}`,
      ),
      'graphs.door.stages',
      /expected at most 64 stages/,
    ],
    ['a homeless stage', swap('"*": edge, ', ''), 'placements.door.hybrid.stages', /leaves look without a place/],
    [
      'a place that is not there',
      swap('"*": cloud', '"*": hub'),
      'placements.door.traditional.stages.look',
      /no place is named hub/,
    ],
    ['a crossing without link', swap(', link: dsl', ''), 'placements.door.hybrid.link', /no link says how/],
    ['a link without profile', swap('link: dsl', 'link: adsl'), 'placements.door.hybrid.link', /no link is named adsl/],
    ['placements of no graph', swap('placements:\n  door', 'placements:\n  gate'), 'placements.gate', /no graph is named gate/],
    [
      'a gate on no placement',
      swap('placement: hybrid, metric', 'placement: hybird, metric'),
      'gates.door[0].placement',
      /door has no placement hybird/,
    ],
    [
      'a gate without placement',
      swap('placement: hybrid, metric', 'dataset: street, metric'),
      'gates.door[0]',
      /judged under a placement/,
    ],
    [
      'a placement in the gate of a model',
      swap('{ chipset: here, metric: latency-p50, margin: 10% }', '{ placement: hybrid, dropped: at-most 1% }'),
      'gates.visitor[0]',
      /visitor is no graph/,
    ],
    [
      'a gate that decides nothing',
      graph.replace(
        'placement: hybrid, uplink: at-most 200 kbit/s, end-to-end-p95: at-most 2s, dropped: at-most 2%, cost: at-most 3.5',
        'placement: hybrid',
      ),
      'gates.door[1]',
      /decides nothing/,
    ],
  ])('%s is refused with its line', (_what, text, field, words) => {
    expect(problemsOf(text)).toContainEqual(
      expect.objectContaining({
        field,
        message: expect.stringMatching(words),
        line: expect.any(Number),
        remedy: expect.stringMatching(/./),
      }),
    );
  });

  it('refuses a bound without its word', () => {
    expect(problemsOf(graph.replace('at-most 2s', '2s'))).toContainEqual(
      expect.objectContaining({ message: expect.stringContaining('expected at-most and a quantity') }),
    );
  });
});
