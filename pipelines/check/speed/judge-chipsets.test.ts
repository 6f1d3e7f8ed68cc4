import { describe, expect, it } from 'vitest';
import type { LatencyBlock } from '#eval';
import type { Machine } from '#runners';
import { fakeModelRunner } from '../../../testing/fakes/fake-model-runner.ts';
import { blocksOf } from '../../../testing/worlds/latency-blocks.ts';
import { resolvedNamed } from '../../../testing/worlds/named-releases.ts';
import { readConfig } from '../../../config/config.ts';
import { judgeChipsets } from './judge-chipsets.ts';
import { detectChipsets } from '../measure/detect-chipsets.ts';
import type { ModelPart } from '../parts/part.ts';
import type { PlannedModel } from '../plan/plan-model-change.ts';
import { planComparisons } from '../plan/plan-comparisons.ts';

const config = readConfig(`version: 1
models:
  porch: { build: models/porch, image: registry.example/acme/porch, task: classification }
datasets:
  bench: { manifest: datasets/bench.yaml }
chipsets:
  edge: { platform: linux/amd64, at: { runner: edge-box } }
gates:
  porch: [ { dataset: bench, metric: top1, margin: 2% }, { chipset: edge, metric: latency-p50, margin: 10% } ]
`);
const [model] = config.models;

const [candidate, baseline] = [resolvedNamed('new'), resolvedNamed('old')];
if (model === undefined) throw new Error('the configuration has a model');
type Planned = Pick<PlannedModel, 'plan' | 'candidate' | 'references'>;
const planned: Planned = {
  plan: {
    model,
    candidate: candidate.release,
    history: 'change',
    references: [],
    chipsets: config.chipsets,
    datasets: { research: ['bench'], replay: [] },
  },
  candidate,
  references: [{ role: 'baseline', chipsets: ['edge'], resolved: baseline }],
};
const context = {
  change: { policy: '' },
  ports: { repository: { readFile: () => Promise.resolve(undefined) } },
  request: { identity: true },
};

/** Every arm takes so long; `disturb` makes the baseline's own copy differ from it. */
function measured(milliseconds: number, disturb = 1, pairs = 30): LatencyBlock[] {
  return blocksOf({ candidate: milliseconds, reference: 10, control: 10 * disturb }, pairs);
}

/** As noisy as a machine that never lets the ratio be known. */
function wild(pairs: number): LatencyBlock[] {
  return measured(10, 1, pairs).map(({ milliseconds, ...block }) => {
    const factor = block.arm === 'reference' ? 1 : 1 + ((block.start * (block.arm === 'control' ? 7 : 11)) % 5);
    return { ...block, milliseconds: milliseconds.map((time) => time * factor) };
  });
}

async function judge(...attempts: readonly (readonly LatencyBlock[])[]) {
  const runner = fakeModelRunner(() => ({ classes: 2, score: () => [0, 1] }));
  const machine = await detectChipsets(config.chipsets, ['edge-box'], runner);
  return await judgePart(planned, machine, attempts);
}

async function judgePart(asked: Planned, machine: Machine, attempts: readonly (readonly LatencyBlock[])[]) {
  const speed = { chipset: 'edge', reference: baseline.release, attempts: attempts.map(writable) };
  const none = { model: 'porch', candidate: candidate.release, answers: [], peaks: [] };
  const part: ModelPart = { ...machine, round: 'replay', measured: { ...none, speeds: [speed] } };
  return await judgeChipsets(asked, planComparisons(asked, [machine]).present, [part], context);
}

const writable = (blocks: readonly LatencyBlock[]) =>
  blocks.map((block) => ({ ...block, milliseconds: [...block.milliseconds] }));

const outcomeOf = async (...attempts: readonly (readonly LatencyBlock[])[]) => (await judge(...attempts)).findings[0]?.outcome;

describe('speed as a part holds it', () => {
  it('is judged from its milliseconds', async () => {
    expect(await outcomeOf(measured(10))).toBe('pass');
    expect(await outcomeOf(measured(13))).toBe('fail');
  });

  it('does not become better by a second measurement that the first did not call for', async () => {
    const { findings, notes } = await judge(measured(13), measured(9));
    expect(findings[0]?.outcome).toBe('fail');
    expect(notes.join(' ')).not.toMatch(/measured twice/);
  });

  it('takes the second where a disturbed machine left the first undecided', async () => {
    expect(await outcomeOf(measured(10, 1.5))).toBe('inconclusive');
    const { findings, notes } = await judge(measured(10, 1.5), measured(10));
    expect(findings[0]?.outcome).toBe('pass');
    expect(notes).toContain('Latency on edge was measured twice: a disturbed machine left the first run undecided.');
  });

  it.each([
    ['fewer pairs than the protocol has', measured(9, 1, 12), /that of 12 pairs, and the protocol has no such length/],
    ['an arm left out', measured(9).filter(({ arm, pair }) => arm !== 'reference' || pair > 0), /whole pairs/],
    ['an arm twice', [...measured(9), ...measured(9).slice(0, 1)], /whole pairs/],
    [
      'fewer requests in one arm',
      measured(9).map((block, at) => (at === 0 ? { ...block, milliseconds: [1] } : block)),
      /whole pairs/,
    ],
    ['a pair left out', measured(9).filter(({ pair }) => pair !== 7), /whole pairs/],
    ['a start that ended early', measured(9, 1, 32), /that of 32 pairs, and the protocol has no such length/],
    ['one start called two', measured(9).map((block) => ({ ...block, start: block.pair })), /whole pairs/],
    ['more starts than it took', measured(9, 1, 36), /ended after 6 starts, and the protocol ends after 5/],
    ['an end before it was precise', wild(36), /ended after 6 starts, and the protocol ends after more/],
  ])('is refused with %s: the rest would be a choice', async (_, blocks, reason) => {
    await expect(judge(blocks)).rejects.toThrow(reason);
  });

  it('is refused against another release than the deployed one', async () => {
    const other = {
      ...planned,
      references: [{ role: 'baseline' as const, chipsets: ['edge'], resolved: resolvedNamed('older') }],
    };
    const runner = fakeModelRunner(() => ({ classes: 2, score: () => [0, 1] }));
    const machine = await detectChipsets(config.chipsets, ['edge'], runner);
    await expect(judgePart(other, machine, [measured(9)])).rejects.toThrow(/it holds no latency against the deployed release/);
  });
});

describe('a machine', () => {
  const runner = fakeModelRunner(() => ({ classes: 2, score: () => [0, 1] }), {
    missing: ({ at }) => (at.kind === 'local' ? [] : ['it is reached by a runner']),
  });

  it('is a chipset of a runner only when it is named so, by name or label', async () => {
    const named = async (names: string[] | null) => await detectChipsets(config.chipsets, names, runner);
    expect((await named(['edge'])).present.map(({ name }) => name)).toEqual(['edge']);
    expect((await named(['edge-box'])).present.map(({ name }) => name)).toEqual(['edge']);
    expect(await named(null)).toMatchObject({ present: [], absent: [{ name: 'edge', missing: ['it is reached by a runner'] }] });
    await expect(named(['cloud'])).rejects.toThrow(/no chipset has the name or runner label cloud/);
  });
});
