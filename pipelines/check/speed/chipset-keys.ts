import { parseChipsetKeys, type ChipsetKey } from '#runners';
import type { CheckContext } from '../check-context.ts';

/** Written by `fieldproof enrol`, committed by a person, and read from the policy commit like every other rule. */
export const chipsetKeysFile = 'fieldproof.chipsets.json';

export async function enrolledKeys({
  change,
  ports,
}: Pick<CheckContext, 'change' | 'ports'>): Promise<Readonly<Record<string, ChipsetKey>>> {
  const text = await ports.repository.readFile(change.policy, chipsetKeysFile);
  return text === undefined ? {} : parseChipsetKeys(text, chipsetKeysFile);
}
