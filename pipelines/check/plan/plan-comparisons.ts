import { digestOfJson, type Release } from '#kernel';
import { servedVariant, type Subject } from '#eval';
import { accuracyKey, type ChipsetKey, type Machine } from '#runners';
import type { ChipsetConfig } from '#config';
import { releaseOn, type ResolvedRelease } from '#pipelines/releases';
import type { PlannedModel } from './plan-model-change.ts';

/** A chipset that a machine is, with its key. */
export type Present = { chipset: ChipsetConfig; key: ChipsetKey };

/**
 * Candidate and one reference on chipsets that give the same answers (same weights, same silicon): their trials are one
 * set, and so is what is found in them. `reference` is null for a first release.
 */
export type Comparison = {
  chipsets: readonly string[];
  role: 'baseline' | 'anchor';
  candidate: Subject;
  reference: Subject | null;
};

export type ComparisonPlan = { present: readonly Present[]; comparisons: readonly Comparison[] };

/** What has to be compared with what on the chipsets that some machines are, in the order of the plan. */
export function planComparisons(
  { plan, candidate, references }: Pick<PlannedModel, 'plan' | 'candidate' | 'references'>,
  machines: readonly Pick<Machine, 'present'>[],
): ComparisonPlan {
  const keys = new Map(machines.flatMap(({ present }) => present.map(({ name, key }) => [name, key] as const)));
  const present: Present[] = plan.chipsets.flatMap((chipset) => {
    const key = keys.get(chipset.name);
    return key === undefined ? [] : [{ chipset: asLocal(chipset), key }];
  });
  const comparisons = new Map<string, Comparison>();
  for (const { chipset, key } of present) {
    const here = references.filter((reference) => reference.chipsets.includes(chipset.name));
    // Bounds are judged beside the baseline, also where there is none and a pinned anchor alone is compared with.
    const hasBaseline = here.some(({ role }) => role === 'baseline');
    const opponents = hasBaseline ? here : [{ role: 'baseline' as const, resolved: null }, ...here];
    for (const { role, resolved } of opponents) {
      const subject = (resolvedRelease: ResolvedRelease, label: string): Subject => ({
        release: releaseOn(resolvedRelease, chipset.platform),
        servable: resolvedRelease.servable,
        variants: resolvedRelease.variants,
        chipset,
        key,
        label,
      });
      const name = nameOf(candidate, resolved, { chipset, key }, role);
      const known = comparisons.get(name);
      comparisons.set(name, {
        chipsets: [...(known?.chipsets ?? []), chipset.name],
        role,
        candidate: known?.candidate ?? subject(candidate, 'candidate'),
        reference: known?.reference ?? (resolved === null ? null : subject(resolved, role)),
      });
    }
  }
  return { present, comparisons: [...comparisons.values()] };
}

function nameOf(candidate: ResolvedRelease, reference: ResolvedRelease | null, { chipset, key }: Present, role: string): string {
  const served = ({ release, variants }: ResolvedRelease): [Release, string] => [release, servedVariant(variants, chipset)];
  return digestOfJson({
    role,
    candidate: served(candidate),
    reference: reference === null ? null : served(reference),
    silicon: digestOfJson(accuracyKey(key)),
  });
}

/** A chipset as the machine that is it reaches it: directly. */
export function asLocal(chipset: ChipsetConfig): ChipsetConfig {
  return chipset.at.kind === 'runner' ? { ...chipset, at: { kind: 'local' } } : chipset;
}
