import { describe, expect, it } from 'vitest';
import { blocksOf, type ArmTimes } from '../../../testing/worlds/latency-blocks.ts';
import { memoryCheck } from '../../../testing/worlds/memory-check.ts';
import { judgeSpeed, type SpeedMeasured } from './judge-speed.ts';
import type { SpeedQuestion } from './speed-questions.ts';
import { planComparisons } from '../plan/plan-comparisons.ts';

const gates = [{ kind: 'latency', chipset: 'edge', metric: 'latency-p50', margin: 0.2 }] as const;

const { planned, machine } = await memoryCheck();
const [here] = planComparisons(planned, [machine]).present;
if (here === undefined) throw new Error('the machine is a chipset');
const edge = here;

function judge(times: Partial<ArmTimes>, more: Partial<SpeedQuestion & SpeedMeasured> = {}) {
  const { blocks = blocksOf(times), attempt = 1, enrolled = true, ...asked } = more;
  return judgeSpeed({ here: edge, gates, budgets: {}, against: 'baseline', ...asked }, { blocks, attempt, enrolled });
}

const [equal, slow, disturbed] = [
  { candidate: 10, reference: 10, control: 10 },
  { candidate: 15, reference: 10, control: 10 },
  { candidate: 10, reference: 10, control: 15 },
];

describe('speed, judged from milliseconds', () => {
  it.each([
    ['as fast', equal, 'baseline', 'pass', false],
    ['slower than its margin', slow, 'baseline', 'fail', false],
    ['measured on a disturbed machine', disturbed, 'baseline', 'inconclusive', true],
    ['itself, on a disturbed machine', disturbed, 'itself', 'pass', false],
    ['itself, and slower by chance', slow, 'itself', 'pass', false],
  ] as const)('of a release that is %s', (_, times, against, outcome, again) => {
    const { findings, measureAgain } = judge(times, { against });
    expect(findings.map((finding) => finding.outcome)).toEqual([outcome]);
    expect(measureAgain).toBe(again);
    expect(findings[0]?.identical).toBe(against === 'itself');
  });

  it('is not asked for a third time', () => {
    expect(judge(disturbed, { attempt: 2 })).toMatchObject({ measureAgain: false, findings: [{ outcome: 'inconclusive' }] });
  });

  it('of a first release has no ratio, and budgets alone', () => {
    const { findings, report } = judge({ candidate: 10 }, { against: 'nothing', budgets: { 'latency-p50': 12 } });
    expect(findings.map(({ metric, against, outcome }) => [metric, against, outcome])).toEqual([
      ['latency-p50', 'budget', 'pass'],
    ]);
    expect(report).toMatchObject({ baseline: null, ratio: null, control: null });
  });

  it.each([
    [12, true, 'pass'],
    [8, true, 'fail'],
    [12, false, 'inconclusive'],
    [8, false, 'inconclusive'],
  ] as const)('keeps a budget of %s ms, on the enrolled machine or not (%s): %s', (budget, enrolled, outcome) => {
    const { findings } = judge(equal, { gates: [], budgets: { 'latency-p50': budget }, enrolled });
    expect(findings.map((finding) => finding.outcome)).toEqual([outcome]);
  });

  it('says that latency had not settled by the end', () => {
    const climbing = blocksOf(equal).map(({ milliseconds, ...block }) => ({
      ...block,
      milliseconds: milliseconds.map((time) => time * (1 + block.pair / 5)),
    }));
    expect(judge(equal).notes).toEqual([]);
    expect(judge(equal, { blocks: climbing }).notes).toEqual([
      'Latency on edge had not settled by the end: its percentiles may drift.',
    ]);
  });

  it('is drawn by 400 points, from the fastest to the slowest', () => {
    const blocks = blocksOf(equal, 180);
    const { candidate, baseline } = judge(equal, { blocks }).report;
    expect(candidate).toHaveLength(400);
    expect([candidate[0], candidate.at(-1)]).toEqual([10, 10.2]);
    expect(candidate).toEqual(candidate.toSorted((a, b) => a - b));
    expect(baseline).toHaveLength(400);
    expect(judge(equal, { blocks: blocks.slice(0, 30) }).report.candidate.length).toBeLessThanOrEqual(90);
  });

  it('is compared with what the machine does to itself', () => {
    const { ratio, control } = judge(slow).report;
    expect(ratio?.value).toBeCloseTo(1.5);
    expect(control?.value).toBeCloseTo(1);
  });
});
