import { describe, expect, it } from 'vitest';
import { readConfig } from '../../../config/config.ts';
import { memoryConfig } from '../../../testing/worlds/memory-check.ts';
import { releaseNamed } from '../../../testing/worlds/named-releases.ts';
import type { ModelPart } from '../parts/part.ts';
import type { RefusedPart } from '../parts/part-refused.ts';
import { absentFindings } from './absent-findings.ts';

const { chipsets } = readConfig(memoryConfig());
const key = { cpuModel: 'one', cpuFlags: [], cores: 2, governor: null, provider: 'cpu', threads: 1 };
const measured = { model: 'porch', candidate: releaseNamed('better'), answers: [], speeds: [], peaks: [] };

function partOf(round: ModelPart['round'], present: readonly string[], missing: readonly string[] = []): ModelPart {
  const absent = missing.length === 0 ? [] : [{ name: 'edge', missing: [...missing] }];
  const runner = { name: 'process' as const, sandboxed: false };
  return { round, runner, present: present.map((name) => ({ name, key })), absent, measured };
}

const refusal = (more: Partial<RefusedPart>): RefusedPart => ({
  name: 'x',
  round: 'replay',
  chipsets: ['edge'],
  reason: 'a lie',
  ...more,
});
const both = [partOf('research', ['edge']), partOf('replay', ['edge'])];

describe('a chipset that was not measured to the end', () => {
  it.each<[string, readonly ModelPart[], readonly RefusedPart[], string | null]>([
    ['both rounds came', both, [], null],
    ['both came, and something was refused beside them', both, [refusal({})], null],
    ['nothing came', [], [], 'no part of it came'],
    ['the parts are of another chipset', [partOf('research', ['cloud']), partOf('replay', ['cloud'])], [], 'no part of it came'],
    ['one round came', both.slice(0, 1), [], 'its replay part never came'],
    ['the other round came', both.slice(1), [], 'its research part never came'],
    ['its machine says why', [partOf('research', [], ['no avx2', 'no avx2'])], [], 'no avx2'],
    ['its part was refused', both.slice(0, 1), [refusal({})], 'its replay part was refused: a lie'],
    ['what was refused names no round', [], [refusal({ round: null })], 'its only part was refused: a lie'],
    ['what was refused is of another chipset', [], [refusal({ chipsets: ['cloud'] })], 'no part of it came'],
    [
      'what was refused names no chipset',
      both.slice(0, 1),
      [refusal({ chipsets: [] })],
      'its replay part never came; a part that names no chipset was refused: a lie',
    ],
    [
      'what was refused has a long story',
      [],
      [refusal({ reason: 'x'.repeat(999) })],
      `its replay part was refused: ${'x'.repeat(300)}`,
    ],
  ])('leaves the model undecided, where need be: %s', (_, parts, refused, reason) => {
    const findings = absentFindings(chipsets, parts, refused);
    expect(findings.map((finding) => [finding.chipset, finding.outcome, finding.role, finding.reason])).toEqual(
      reason === null ? [] : [['edge', 'inconclusive', 'decides', `edge was not measured: ${reason}`]],
    );
  });

  it('is never a number', () => {
    const [finding] = absentFindings(chipsets, [], []);
    expect(finding).toMatchObject({ candidate: null, reference: null, gain: { value: null, interval: null, n: 0 } });
  });
});
