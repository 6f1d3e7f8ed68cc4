import { describe, expect, it } from 'vitest';
import { memoryCheck, memoryConfig } from '../../../testing/worlds/memory-check.ts';
import { bench, openSmall } from '../../../testing/worlds/small-datasets.ts';
import { planComparisons } from '../plan/plan-comparisons.ts';
import { gatherTrials, type Scored } from './gather-trials.ts';
import { qualityFindings } from './quality-findings.ts';

const check = await memoryCheck();
const part = await check.measure('research');
const { comparisons } = planComparisons(check.planned, [part]);
const [scored] = await gatherTrials(check.planned, comparisons, [part], check.context);
if (scored === undefined) throw new Error('the candidate is compared on bench');

describe('the findings of a dataset', () => {
  const change = { config: { earlyStopping: false } };
  const asked = { request: { identity: true }, seed: 1, change };
  const itself: Scored = {
    ...scored,
    comparison: { ...scored.comparison, reference: scored.comparison.candidate },
    reference: scored.candidate,
  };

  it('are one for each gate on it, and of no gate on another', async () => {
    const config = memoryConfig().replace(
      'metric: top1, margin: 10% }',
      'metric: top1, margin: 10%, at-least: 50%, guard: [light] }',
    );
    const { planned } = await memoryCheck({ config });
    const found = qualityFindings(planned, scored, asked);
    expect(found.map(({ metric, dataset, against, slice }) => [metric, dataset, against, slice?.value ?? null])).toEqual([
      ['top1', 'bench', 'baseline', null],
      ['top1', 'bench', 'baseline', 'day'],
      ['top1', 'bench', 'baseline', 'night'],
      ['top1', 'bench', 'bound', null],
    ]);
    expect(qualityFindings(planned, { ...scored, open: openSmall({ ...bench, name: 'other' }) }, asked)).toEqual([]);
  });

  it.each<[string, Scored, boolean, boolean]>([
    ['the same release against itself passes by identity', itself, true, true],
    ['unless the gate audits itself', itself, false, false],
    ['another release does not', scored, true, false],
  ])('know what is identical: %s', (_, given, identity, identical) => {
    const [found] = qualityFindings(check.planned, given, { ...asked, request: { identity } });
    expect(found?.identical).toBe(identical);
  });
});
