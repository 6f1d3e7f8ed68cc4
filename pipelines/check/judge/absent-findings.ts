import type { ChipsetConfig } from '#config';
import type { Finding } from '#eval';
import type { Round } from '#datasets';
import type { ModelPart } from '../parts/part.ts';
import { refusalsOf, unclaimed, type RefusedPart } from '../parts/part-refused.ts';

const ROUNDS: readonly Round[] = ['research', 'replay'];

/** A chipset that nobody could measure, or not to the end, leaves the model undecided: unknown is never a number. */
export function absentFindings(
  chipsets: readonly ChipsetConfig[],
  parts: readonly ModelPart[],
  refused: readonly RefusedPart[],
): Finding[] {
  return chipsets.flatMap(({ name }) => {
    const reasons = missingFrom(name, parts, refused);
    return reasons.length === 0 ? [] : [absentFinding(name, reasons)];
  });
}

function missingFrom(name: string, parts: readonly ModelPart[], refused: readonly RefusedPart[]): string[] {
  const came = ROUNDS.filter((round) =>
    parts.some((part) => part.round === round && part.present.some((chipset) => chipset.name === name)),
  );
  if (came.length === ROUNDS.length) return [];
  const reported = parts.flatMap(({ absent }) => absent.flatMap((chipset) => (chipset.name === name ? chipset.missing : [])));
  if (reported.length > 0) return [...new Set(reported)];
  const refusals = refusalsOf(name, refused);
  if (refusals.length > 0) return refusals;
  const never = came.length === 0 ? 'no part of it came' : `its ${ROUNDS.find((round) => !came.includes(round))} part never came`;
  return [never, ...unclaimed(refused)];
}

function absentFinding(chipset: string, missing: readonly string[]): Finding {
  return {
    metric: 'chipset',
    unit: 'fraction',
    better: 'more',
    dataset: null,
    chipset,
    slice: null,
    against: 'bound',
    role: 'decides',
    candidate: null,
    reference: null,
    gain: { value: null, interval: null, method: 'not measured', clusters: 0, n: 0 },
    margin: 0,
    minimumDetectableEffect: null,
    outcome: 'inconclusive',
    identical: false,
    reason: `${chipset} was not measured: ${missing.join('; ')}`,
    remedy: 'measure it on such a machine (a part alone completes the verdict), or correct the chipset in fieldproof.yaml',
  };
}
