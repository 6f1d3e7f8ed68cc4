import { describe, expect, it } from 'vitest';
import type { TimedCheck } from '#eval';
import { silentProgress } from '#kernel';
import { checkModelChange, type CheckPorts } from '#pipelines/check';
import { memoryConfig, memoryPorts } from '../../testing/worlds/memory-check.ts';
import { planChecks } from './plan-checks.ts';
import { timed, type Times } from './times.ts';

const skills = {
  old: { right: 50, found: 50 },
  first: { right: 51, found: 51 },
  second: { right: 52, found: 52 },
};
const budgets = memoryConfig()
  .replace(/.*latency-p50.*\n/, '')
  .replace('{ platform: linux/amd64 }', '{ platform: linux/amd64, budgets: { latency-p50: 1s } }');

/** A machine whose time is spent by its models alone, and what it keeps of how long checks took. */
function machine(config: string) {
  const checks: TimedCheck[] = [];
  const times: Times = { read: async () => await Promise.resolve(checks), add: (check) => void checks.push(check) };
  const ports = (head: string, more: Partial<CheckPorts> = {}) => {
    const made = memoryPorts({ config, head, skills });
    return { request: made.request, ports: { ...made.ports, ...more } };
  };
  return { checks, times, ports };
}

describe('how long a check will take', () => {
  it.each([
    ['as the gates are', memoryConfig()],
    ['where it may end early', memoryConfig('early-stopping: to-fail\n')],
    ['where a budget alone asks for speed', budgets],
  ])('is what it then takes, also after one that asked the baseline: %s', async (_, config) => {
    const { checks, times, ports } = machine(config);
    const kept = ports('first').ports.answers;
    const check = async (head: string) => {
      const { request, ports: own } = ports(head, { answers: kept });
      const progress = timed({ ...silentProgress, close: () => {} }, own.clock, times);
      await checkModelChange(request, { ...own, progress });
      progress.close();
      return checks.at(-1)?.seconds ?? Number.NaN;
    };
    await check('first');
    const { request, ports: own } = ports('second', { answers: kept });
    const report = await planChecks({ ...request, head: 'base' }, { ...own, times });
    const [{ time } = { time: null }] = report?.models ?? [];
    const took = await check('second');
    expect(took).toBeGreaterThan(0);
    expect(Math.abs(took / (time?.seconds ?? Number.NaN) - 1)).toBeLessThan(0.05);
    expect(
      time?.steps.map(({ name }) => name).filter((name) => name.includes('baseline on') && !name.includes('beside')),
    ).toEqual([]);
  });
});
