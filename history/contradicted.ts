import { sameRelease } from '#kernel';
import type { Entry } from '#ledger';
import type { VerdictFact } from './check-facts.ts';
import { factsOf, type Recorded } from './read-facts.ts';

/**
 * The last fail that a later pass says the opposite of, about the same: the same release and tree under the same policy, and no
 * dataset that the release had not been scored on when it failed. Whoever judges often enough passes once by chance, so such a
 * pass alone is none. Null where nothing speaks against it.
 */
export function contradicted(entries: readonly Entry[], judged: Recorded<VerdictFact>): Recorded<VerdictFact> | null {
  if (judged.fact.outcome !== 'pass') return null;
  const failed = factsOf(entries, 'verdict').findLast(
    ({ seq, fact }) => seq < judged.seq && fact.outcome === 'fail' && isOfTheSame(fact, judged.fact),
  );
  return failed === undefined || isOnOtherData(entries, failed, judged) ? null : failed;
}

function isOfTheSame(one: VerdictFact, other: VerdictFact): boolean {
  return (
    one.model === other.model &&
    one.tree === other.tree &&
    one.policy === other.policy &&
    sameRelease(one.candidate, other.candidate)
  );
}

/** Whether the release was scored, between the two verdicts, on data that it had not been scored on before. */
function isOnOtherData(entries: readonly Entry[], failed: Recorded<VerdictFact>, judged: Recorded<VerdictFact>): boolean {
  const scored = factsOf(entries, 'evaluation').filter(
    ({ fact }) => fact.model === judged.fact.model && sameRelease(fact.release, judged.fact.candidate),
  );
  const before = new Set(scored.filter(({ seq }) => seq < failed.seq).map(({ fact }) => fact.datasetDigest));
  return scored.some(({ seq, fact }) => seq > failed.seq && seq < judged.seq && !before.has(fact.datasetDigest));
}
