import { describe, expect, it } from 'vitest';
import { policyDigest, readConfig, type Config } from '#config';
import { memoryConfig, memoryPorts } from '../../../testing/worlds/memory-check.ts';
import { checkModelChange } from '../check-model-change.ts';

const loaded = (scenarios: string) =>
  memoryConfig().replace('edge: { platform: linux/amd64 }', `edge: { platform: linux/amd64, scenarios: ${scenarios} }`);
const digestOf = (config: Config) => config.models.map((model) => policyDigest(config, model));

describe('load that a chipset names', () => {
  it('is put on the candidate, and shown with what its queries are enough for', async () => {
    const config = loaded(
      '[ { kind: single-stream, lasts: 1s }, { kind: single-stream, lasts: 100ms }, { kind: offline, lasts: 1s } ]',
    );
    const { request, ports } = memoryPorts({ config });
    const report = await checkModelChange(request, ports);
    expect(report.outcome).toBe('pass');
    const [enough, few, offline] = report.models[0]?.latency[0]?.scenarios ?? [];
    expect(enough).toMatchObject({
      kind: 'single-stream',
      queries: 100,
      samplesPerSecond: 100,
      percentiles: { 'latency-p50': 10, 'latency-p90': 10, 'latency-p99': null },
      estimate: { share: 0.9, milliseconds: 10 },
    });
    expect(few).toMatchObject({
      queries: 10,
      percentiles: { 'latency-p90': null },
      estimate: { share: 0.9, milliseconds: null },
    });
    expect(offline).toMatchObject({ kind: 'offline', estimate: null });
  });

  it('is another policy where it is said, and none where it is not', () => {
    const plain = readConfig(memoryConfig());
    expect(plain.chipsets.some((chipset) => 'scenarios' in chipset)).toBe(false);
    expect(digestOf(readConfig(loaded('[ { kind: camera, per-second: 25 } ]')))).not.toEqual(digestOf(plain));
  });

  it('says how often queries come where they come by themselves', () => {
    expect(() => readConfig(loaded('[ { kind: server } ]'))).toThrow(/per-second/);
  });
});
