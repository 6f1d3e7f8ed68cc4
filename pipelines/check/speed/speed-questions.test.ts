import { describe, expect, it } from 'vitest';
import { memoryCheck, memoryConfig } from '../../../testing/worlds/memory-check.ts';
import { releaseNamed, resolvedNamed } from '../../../testing/worlds/named-releases.ts';
import { baselinesOn, isAskedOf, latencyBudgets, latencyGates, speedAgainst } from './speed-questions.ts';

async function asked({ gate, budgets = '' }: { gate: string | null; budgets?: string }) {
  const line = '    - { chipset: edge, metric: latency-p50, margin: 20% }\n';
  const config = memoryConfig()
    .replace(line, gate === null ? '' : `    - { chipset: ${gate}, metric: latency-p90, margin: 5% }\n`)
    .replace(
      'edge: { platform: linux/amd64 }',
      `edge: { platform: linux/amd64, budgets: { ${budgets} } }\n  cloud: { platform: linux/amd64 }`,
    );
  const { planned, context } = await memoryCheck({ config });
  const [edge] = context.change.config.chipsets.filter(({ name }) => name === 'edge');
  if (edge === undefined) throw new Error('there is an edge');
  return { planned, edge };
}

describe('whether speed is measured on a chipset', () => {
  it.each([
    ['a gate names it', { gate: 'edge' }, true],
    ['a gate names all', { gate: '"*"' }, true],
    ['a gate names another', { gate: 'cloud' }, false],
    ['nothing names it', { gate: null }, false],
    ['it has a budget of milliseconds', { gate: null, budgets: 'latency-p95: 80ms' }, true],
    ['it has a budget of memory, which is read while it runs', { gate: null, budgets: 'memory: 1GiB' }, true],
    ['it has a budget for the image, which is counted', { gate: null, budgets: 'image: 1GiB' }, false],
  ])('follows from what is asked of it: %s', async (_, given, expected) => {
    const { planned, edge } = await asked(given);
    expect(isAskedOf(planned, edge)).toBe(expected);
  });

  it('takes the gates of that chipset, and its budgets of milliseconds', async () => {
    const { planned, edge } = await asked({ gate: '"*"', budgets: 'latency-p95: 80ms, memory: 1GiB, image: 1GiB' });
    expect(latencyGates(planned, edge)).toMatchObject([{ metric: 'latency-p90', margin: 0.05 }]);
    expect(latencyBudgets(edge)).toEqual({ 'latency-p95': 80 });
  });
});

describe('what a candidate is measured against', () => {
  const candidate = releaseNamed('new');
  it.each([
    ['no release', null, true, 'nothing'],
    ['another', resolvedNamed('old'), true, 'baseline'],
    ['the same', resolvedNamed('new'), true, 'itself'],
    ['the same, where the gate audits itself', resolvedNamed('new'), false, 'baseline'],
    ['the same model under another runtime', { release: releaseNamed('new', 'other') }, true, 'baseline'],
  ] as const)('is told from what is deployed: %s', (_, baseline, identity, expected) => {
    expect(speedAgainst(candidate, baseline, { identity })).toBe(expected);
  });

  it.each([
    ['each release that is deployed there', ['old', 'older'], ['old', 'older']],
    ['nothing, where nothing is', [], [null]],
  ])('is %s', async (_, words, expected) => {
    const { edge } = await asked({ gate: 'edge' });
    const references = [
      ...words.map((word) => ({ role: 'baseline' as const, chipsets: ['edge'], resolved: resolvedNamed(word) })),
      { role: 'anchor' as const, chipsets: ['edge'], resolved: resolvedNamed('anchor') },
      { role: 'baseline' as const, chipsets: ['cloud'], resolved: resolvedNamed('elsewhere') },
    ];
    const releases = baselinesOn({ references }, edge).map((baseline) => baseline?.release ?? null);
    expect(releases).toEqual(expected.map((word) => (word === null ? null : releaseNamed(word))));
  });
});
