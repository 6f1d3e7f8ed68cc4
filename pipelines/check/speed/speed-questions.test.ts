import { describe, expect, it } from 'vitest';
import { memoryCheck, memoryConfig } from '../../../testing/worlds/memory-check.ts';
import { releaseNamed, resolvedNamed } from '../../../testing/worlds/named-releases.ts';
import { planComparisons } from '../plan/plan-comparisons.ts';
import { speedQuestions } from './speed-questions.ts';

type Asked = { gate?: string | null; budgets?: string };

/** A model that may have a gate on speed, and an edge that may have budgets, beside a cloud without. */
async function planned({ gate = null, budgets = '' }: Asked = {}) {
  const line = '    - { chipset: edge, metric: latency-p50, margin: 20% }\n';
  const edge = `edge: { platform: linux/amd64, budgets: { ${budgets} } }`;
  const config = memoryConfig()
    .replace(line, gate === null ? '' : `    - { chipset: ${gate}, metric: latency-p90, margin: 5% }\n`)
    .replace('edge: { platform: linux/amd64 }', `${edge}\n  cloud: { platform: linux/amd64 }`);
  const check = await memoryCheck({ config });
  return { check: check.planned, present: planComparisons(check.planned, [check.machine]).present };
}

const identity = { identity: true };

describe('whether speed is measured on a chipset', () => {
  it.each<[string, Asked, readonly string[]]>([
    ['a gate names it', { gate: 'edge' }, ['edge']],
    ['a gate names all', { gate: '"*"' }, ['edge', 'cloud']],
    ['nothing names it', {}, []],
    ['it has a budget of milliseconds', { budgets: 'latency-p95: 80ms' }, ['edge']],
    ['it has a budget of memory, which is read while the model runs', { budgets: 'memory: 1GiB' }, ['edge']],
    ['it has a budget for the image, which is counted', { budgets: 'image: 1GiB' }, []],
  ])('follows from what is asked of it: %s', async (_, asked, chipsets) => {
    const { check, present } = await planned(asked);
    expect(speedQuestions(check, present, identity).map(({ here }) => here.chipset.name)).toEqual(chipsets);
  });

  it('takes the gates of that chipset, and its budgets of milliseconds', async () => {
    const { check, present } = await planned({ gate: '"*"', budgets: 'latency-p95: 80ms, memory: 1GiB, image: 1GiB' });
    expect(speedQuestions(check, present, identity)).toMatchObject([
      { gates: [{ metric: 'latency-p90', margin: 0.05 }], budgets: { 'latency-p95': 80 } },
      { gates: [{ metric: 'latency-p90', margin: 0.05 }], budgets: {} },
    ]);
    expect(speedQuestions(check, present, identity)[0]?.budgets).toEqual({ 'latency-p95': 80 });
  });

  it('is asked of the chipsets that are present', async () => {
    const { check, present } = await planned({ gate: '"*"' });
    expect(speedQuestions(check, present.slice(1), identity).map(({ here }) => here.chipset.name)).toEqual(['cloud']);
    expect(speedQuestions(check, [], identity)).toEqual([]);
  });

  it('is not where no gate names a dataset: there is nothing to show', async () => {
    const { check, present } = await planned({ gate: 'edge' });
    const plan = { ...check.plan, datasets: { research: [], replay: [] } };
    expect(speedQuestions({ ...check, plan }, present, identity)).toEqual([]);
  });
});

describe('what a candidate is measured against', () => {
  const baseline = (word: string, ...chipsets: string[]) => ({
    role: 'baseline' as const,
    chipsets,
    resolved: resolvedNamed(word),
  });
  const anchor = { role: 'anchor' as const, chipsets: ['edge'], resolved: resolvedNamed('anchor') };

  it.each([
    ['no release is deployed', [], true, [['nothing', null]]],
    ['another is', [baseline('old', 'edge')], true, [['baseline', 'old']]],
    ['the same is', [baseline('better', 'edge')], true, [['itself', 'better']]],
    ['the same is, while the gate audits itself', [baseline('better', 'edge')], false, [['baseline', 'better']]],
    [
      'two are',
      [baseline('old', 'edge'), baseline('older', 'edge')],
      true,
      [
        ['baseline', 'old'],
        ['baseline', 'older'],
      ],
    ],
    ['one is deployed on another chipset', [baseline('old', 'cloud')], true, [['nothing', null]]],
    ['an anchor alone is compared with', [anchor], true, [['nothing', null]]],
  ] as const)('is told from what is deployed there: %s', async (_, references, audited, expected) => {
    const { check, present } = await planned({ gate: 'edge' });
    const questions = speedQuestions({ ...check, references }, present, { identity: audited });
    expect(questions.map((question) => [question.against, question.baseline?.release ?? null])).toEqual(
      expected.map(([against, word]) => [against, word === null ? null : releaseNamed(word)]),
    );
  });

  it('is another where the same model runs under another runtime', async () => {
    const { check, present } = await planned({ gate: 'edge' });
    const other = {
      ...baseline('better', 'edge'),
      resolved: resolvedNamed('better', { release: releaseNamed('better', 'other') }),
    };
    expect(speedQuestions({ ...check, references: [other] }, present, identity)[0]?.against).toBe('baseline');
  });
});
