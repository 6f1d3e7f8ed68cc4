import { digestOfJson, type Digest, type Release } from '#kernel';
import type { Dataset } from '#datasets';
import { accuracyKey, type Chipset, type ChipsetKey, type Servable } from '#runners';
import { taskOf } from '#tasks';

/** One release on one chipset: what is asked. `variants`: the weights that its model has beside the default ones. */
export type Subject = {
  release: Release;
  servable: Servable;
  variants: readonly string[];
  chipset: Chipset;
  key: ChipsetKey;
  /** As progress shows it, such as `candidate`. */
  label: string;
};

/** What was asked of whom: the identity of an accuracy result, and the key under which its answers are kept. */
export type TrialKey = {
  release: Release;
  variant: string;
  dataset: Digest;
  chipsetKey: Digest;
  /** Instead of the model's own, which is in its digest. Null: the model's own, or a task that knows none. */
  threshold: number | null;
  taskVersion: number;
};

/** @param threshold as configuration gives it, for tasks that have one */
export function trialKey(
  { release, variants, chipset, key }: Pick<Subject, 'release' | 'variants' | 'chipset' | 'key'>,
  dataset: Pick<Dataset, 'digest' | 'task'>,
  threshold: number | null,
): TrialKey {
  const task = taskOf(dataset);
  return {
    release,
    variant: servedVariant(variants, chipset),
    dataset: dataset.digest,
    chipsetKey: digestOfJson(accuracyKey(key)),
    threshold: task.medium === 'clips' || task.thresholded === true ? threshold : null,
    taskVersion: task.version,
  };
}

/** The weights that a model really serves on a chipset: the preferred ones if it has them. */
export function servedVariant(variants: readonly string[], { variant }: Pick<Chipset, 'variant'>): string {
  return variant !== null && variants.includes(variant) ? variant : 'default';
}
