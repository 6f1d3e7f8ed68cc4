import { describe, expect, it } from 'vitest';
import { model } from '../../../testing/reports/report-model.ts';
import type { CheckReport } from '#report';
import { leastSandboxed, reportOf, unjudgedReport } from './report-of.ts';

const own = { name: 'process', sandboxed: false } as const;
const docker = { name: 'docker', sandboxed: true } as const;
const context = {
  change: { base: 'base', head: 'head', policy: 'base', notes: ['of the change'] },
  seed: 3,
  began: { at: new Date('2026-03-01T12:00:00Z'), elapsed: 1000 },
  ports: { clock: { now: () => new Date(), elapsed: () => 3456.4, sleep: () => Promise.resolve() }, runner: own },
};
const outcomes = (...list: CheckReport['outcome'][]) => list.map((outcome) => model({ outcome }));

describe('the report of a check', () => {
  it('says what was judged, by what, when and for how long', () => {
    expect(reportOf(context, outcomes('pass'), [])).toMatchObject({
      version: 2,
      base: 'base',
      head: 'head',
      policy: 'base',
      seed: 3,
      startedAt: '2026-03-01T12:00:00.000Z',
      seconds: 2.456,
      notes: ['of the change'],
    });
  });

  it.each<[CheckReport['outcome'], readonly CheckReport['outcome'][]]>([
    ['pass', []],
    ['pass', ['pass', 'pass']],
    ['inconclusive', ['pass', 'inconclusive']],
    ['fail', ['inconclusive', 'fail', 'pass']],
  ])('is a %s of %j', (outcome, of) => {
    expect(reportOf(context, outcomes(...of), []).outcome).toBe(outcome);
  });

  it.each([
    ['this machine, where nobody else measured', [], own],
    ['another, where that one did', [docker], docker],
    ['the one without a sandbox, where there is one', [docker, own, docker], own],
  ])('says of its runner what holds for all parts: %s', (_, runners, expected) => {
    expect(leastSandboxed(runners, own)).toEqual(expected);
    expect(reportOf(context, [], runners).runner).toEqual(expected);
  });

  it('of a base without a configuration decides nothing, and is the same whenever it is said', () => {
    const gathered = { kind: 'unjudged', base: 'base', head: 'head', at: new Date('2026-03-01T12:00:00Z') } as const;
    const report = unjudgedReport(gathered, { runner: docker });
    expect(report).toEqual(unjudgedReport(gathered, { runner: docker }));
    expect(report).toMatchObject({ outcome: 'inconclusive', models: [], startedAt: '2026-03-01T12:00:00.000Z', runner: docker });
    expect(report.headline).toContain('no fieldproof.yaml');
  });
});
