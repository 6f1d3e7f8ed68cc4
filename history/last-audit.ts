import type { Digest } from '#kernel';
import type { Entry } from '#ledger';
import type { AuditFact } from './audit-facts.ts';
import { factsAbout } from './read-facts.ts';

/** The last audit of a model's gates, and why it says nothing of them today; null where it still does. */
export type LastAudit = { fact: AuditFact; stale: string | null };

/** What an audit has to be of, for it to say anything. `staleAfter`: milliseconds. */
export type AuditedToday = { policy: Digest; family: Digest | null; now: Date; staleAfter: number };

/** Null where none was ever made. */
export function lastAudit(entries: readonly Entry[], model: string, today: AuditedToday): LastAudit | null {
  const fact = factsAbout(entries, model, 'audit').at(-1)?.fact;
  return fact === undefined ? null : { fact, stale: whyStale(fact, today) };
}

function whyStale({ policy, family, at }: AuditFact, today: AuditedToday): string | null {
  if (policy !== today.policy) return 'gates, datasets or chipsets have changed since';
  if (family !== today.family) return 'model.yaml says something else since';
  const days = Math.floor((today.now.getTime() - Date.parse(at)) / 86_400_000);
  return today.now.getTime() - Date.parse(at) > today.staleAfter ? `it is ${days} days old` : null;
}
