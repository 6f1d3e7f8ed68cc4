import { describe, expect, it } from 'vitest';
import { readConfig } from '../../../config/config.ts';
import { memoryConfig } from '../../../testing/worlds/memory-check.ts';
import { imageNamed } from '../../../testing/worlds/named-releases.ts';
import { budgetFindings } from './budget-findings.ts';

const key = { cpuModel: 'one', cpuFlags: [], cores: 2, governor: null, provider: 'cpu', threads: 1 };

function findingsUnder(budgets: string, peak?: number) {
  const { chipsets } = readConfig(memoryConfig().replace('linux/amd64 }', `linux/amd64, budgets: { ${budgets} } }`));
  const present = chipsets.map((chipset) => ({ chipset, key }));
  return budgetFindings(imageNamed('better', 1000), present, new Map(peak === undefined ? [] : [['edge', peak]]));
}

describe('a budget of bytes', () => {
  it.each([
    ['image: 1010B', undefined, ['image', 'pass', 0]],
    ['image: 1009B', undefined, ['image', 'fail', -1]],
    ['memory: 2KiB', 2048, ['memory', 'pass', 0]],
    ['memory: 2KiB', 2049, ['memory', 'fail', -1]],
    ['memory: 2KiB', undefined, ['memory', 'inconclusive', null]],
  ] as const)('of %s, with a peak of %s, gives %j', (budgets, peak, expected) => {
    const found = findingsUnder(budgets, peak);
    expect(found.map(({ metric, outcome, gain }) => [metric, outcome, gain.value])).toEqual([expected]);
  });

  it('that nobody set finds nothing', () => {
    expect(findingsUnder('latency-p50: 10ms', 5)).toEqual([]);
  });

  it('counts every layer and the configuration, and has no uncertainty', () => {
    const [finding] = findingsUnder('image: 1KiB');
    expect(finding).toMatchObject({
      candidate: 1010,
      reference: 1024,
      gain: { value: 14, interval: { low: 14, high: 14 }, method: 'counted' },
      minimumDetectableEffect: 0,
      remedy: null,
    });
  });

  it('says what to do where the memory could not be read', () => {
    expect(findingsUnder('memory: 2KiB')[0]).toMatchObject({
      reason: 'memory on edge could not be measured',
      gain: { interval: null },
      remedy: expect.stringContaining('where the memory of a model can be read'),
    });
  });
});
