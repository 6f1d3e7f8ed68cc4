import { sameRelease, type Digest, type Release } from '#kernel';
import type { Entry } from '#ledger';
import type { DeploymentFact, HoldFact, WaiverFact } from './deploy-facts.ts';
import { factsOf } from './read-facts.ts';

export type Hold = { id: Digest; fact: HoldFact };

/** The last waiver of a record that holds today. */
export function waiverOf(entries: readonly Entry[], record: Digest, now: Date): { id: Digest; fact: WaiverFact } | undefined {
  const today = now.toISOString().slice(0, 10);
  return factsOf(entries, 'waiver').findLast(({ fact }) => fact.record === record && fact.until >= today);
}

/** Why a release may not be deployed, unless somebody answers for it. */
export function holdOn(entries: readonly Entry[], model: string, release: Release, now: Date): Hold | undefined {
  return factsOf(entries, 'hold').findLast(
    ({ id, fact }) => fact.model === model && sameRelease(fact.release, release) && waiverOf(entries, id, now) === undefined,
  );
}

/** A hold whose release may still be deployed: whoever began to take it back did not finish. */
export function isUnfinished(entries: readonly Entry[], hold: Hold): boolean {
  return !factsOf(entries, 'revert').some(({ fact }) => fact.hold === hold.id);
}

/** What a verdict has landed and nobody has taken back since, wave by wave: the last of each. */
export function deploymentsInForce(entries: readonly Entry[], verdict: Digest): readonly DeploymentFact[] {
  const revert = factsOf(entries, 'revert').findLast(({ fact }) => fact.verdict === verdict && fact.site === null);
  const facts = factsOf(entries, 'deployment').flatMap(({ seq, fact }) => (seq > (revert?.seq ?? 0) ? [fact] : []));
  const byWave = new Map(facts.filter((fact) => fact.verdict === verdict).map((fact) => [fact.wave?.number ?? 1, fact]));
  return [...byWave.values()];
}

/** Whether a deployment fact is the last of its release: every site has it. */
export function isWhole({ wave }: DeploymentFact): boolean {
  return wave === undefined || wave.number === wave.of;
}

/** What to do about a hold, in one sentence. */
export function holdReason({ id, fact }: Hold): string {
  const remedy = `fieldproof accept --record ${id.slice('sha256:'.length, 'sha256:'.length + 12)} --by ... --why ... --until ...`;
  return `held since ${fact.at.slice(0, 10)} by ${fact.by}: ${fact.reason}; deploy another release, or answer for this one: ${remedy}`;
}
