import { digestOfJson, type Json } from '#kernel';
import { accuracyKey, type ChipsetKey } from '#runners';
import type { ChipsetConfig } from '#config';
import { servedVariant, type Subject } from '../measure/collect-trials.ts';
import { asLocal } from '../measure/detect-chipsets.ts';
import type { Machine } from '../parts/part.ts';
import type { PlannedModel } from './plan-model-change.ts';
import type { ResolvedRelease } from '#pipelines/releases';

/** A chipset that a machine is, with its key. */
export type Present = { chipset: ChipsetConfig; key: ChipsetKey };

/**
 * Candidate and one reference on chipsets that give the same answers (same weights, same silicon): their trials are one
 * set, and so is what is found in them. `reference` is null for a first release.
 */
export type Pairing = {
  chipsets: readonly string[];
  role: 'baseline' | 'anchor';
  candidate: Subject;
  reference: Subject | null;
};

export type Stage = { present: readonly Present[]; pairings: readonly Pairing[] };

/** What has to be paired with what on the chipsets that some machines are, in the order of the plan. */
export function setStage({ plan, candidate, references }: PlannedModel, machines: readonly Pick<Machine, 'present'>[]): Stage {
  const keys = new Map(machines.flatMap(({ present }) => present.map(({ name, key }) => [name, key] as const)));
  const present: Present[] = plan.chipsets.flatMap((chipset) => {
    const key = keys.get(chipset.name);
    return key === undefined ? [] : [{ chipset: asLocal(chipset), key }];
  });
  const pairings = new Map<string, Pairing>();
  for (const { chipset, key } of present) {
    const here = references.filter((reference) => reference.chipsets.includes(chipset.name));
    // Bounds are judged beside the baseline, also where there is none and a pinned anchor alone is compared with.
    const hasBaseline = here.some(({ role }) => role === 'baseline');
    const opponents = hasBaseline ? here : [{ role: 'baseline' as const, resolved: null }, ...here];
    for (const { role, resolved } of opponents) {
      const subject = (release: ResolvedRelease, label: string): Subject => ({ resolved: release, chipset, key, label });
      const name = nameOf(candidate, resolved, { chipset, key }, role);
      const known = pairings.get(name);
      pairings.set(name, {
        chipsets: [...(known?.chipsets ?? []), chipset.name],
        role,
        candidate: known?.candidate ?? subject(candidate, 'candidate'),
        reference: known?.reference ?? (resolved === null ? null : subject(resolved, role)),
      });
    }
  }
  return { present, pairings: [...pairings.values()] };
}

function nameOf(candidate: ResolvedRelease, reference: ResolvedRelease | null, { chipset, key }: Present, role: string): string {
  return digestOfJson({
    role,
    candidate: [candidate.release, servedVariant(candidate, chipset)],
    reference: reference === null ? null : [reference.release, servedVariant(reference, chipset)],
    silicon: accuracyKey(key) as unknown as Json,
  });
}
