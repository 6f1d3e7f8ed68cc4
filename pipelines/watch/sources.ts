import type { DeployedAt } from '#gitops';
import { factsOf } from '#history';
import { onlyStage } from '#kernel';
import type { RecordPorts } from './record-rollouts.ts';

/** The commit of the model repository that each model's deployed release was judged at; null where the ledger has none. */
export async function sourcesOf(
  deployed: ReadonlyMap<string, readonly DeployedAt[]>,
  { ledger }: Pick<RecordPorts, 'ledger'>,
): Promise<(model: string) => string | null> {
  const verdicts = factsOf(await ledger.entries(), 'verdict').map(({ fact }) => fact);
  return (model) => {
    const digests = new Set(deployed.get(model)?.map(({ release }) => release.model.digest));
    return verdicts.findLast((fact) => fact.model === model && digests.has(onlyStage(fact.candidate).model))?.head ?? null;
  };
}
