import type { Subject } from '#eval';

/**
 * The steps in which a dataset is asked, as progress and times name them. A chipset of one processor takes longer than one of two, so each
 * is named.
 */
type Asked = { dataset: string; chipset: string };

/** @param label which release is asked: `candidate`, `baseline` or `anchor` */
export function askingStep(label: Subject['label'], { dataset, chipset }: Asked): string {
  return `${dataset}: ${label} on ${chipset}`;
}

/** Where a check may end before its dataset does. */
export function askingTogetherStep({ dataset, chipset }: Asked): string {
  return `${dataset}: candidate beside baseline on ${chipset}, in random order`;
}
