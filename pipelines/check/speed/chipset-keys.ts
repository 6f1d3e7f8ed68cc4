import { parseChipsetKeys, type ChipsetKey } from '#runners';
import type { ModelRepository } from '#git';
import type { Change } from '../plan/gather-change.ts';

/** Written by `fieldproof enrol`, committed by a person, and read from the policy commit like every other rule. */
export const chipsetKeysFile = 'fieldproof.chipsets.json';

export async function enrolledKeys({
  change,
  ports,
}: {
  change: Pick<Change, 'policy'>;
  ports: { repository: Pick<ModelRepository, 'readFile'> };
}): Promise<Readonly<Record<string, ChipsetKey>>> {
  const text = await ports.repository.readFile(change.policy, chipsetKeysFile);
  return text === undefined ? {} : parseChipsetKeys(text, chipsetKeysFile);
}
