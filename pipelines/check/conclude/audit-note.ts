import { policyDigest } from '#config';
import { rateOf } from '#eval';
import { lastAudit, type AuditFact, type LastAudit } from '#history';
import type { CheckContext } from '../check-context.ts';
import type { ModelChange } from '../plan/gather-change.ts';
import { familyOf } from '../plan/model-family.ts';

/** What the last audit found of the gates that judge this model; nothing where there never was one. */
export async function auditNotes(
  { model, writtenBy }: Pick<ModelChange, 'model' | 'writtenBy'>,
  { change, ports }: Pick<CheckContext, 'change' | 'ports'>,
): Promise<string[]> {
  if (writtenBy === 'head') return [];
  const today = {
    policy: policyDigest(change.config, model),
    family: await familyOf({ ports }, { model, commit: change.head }),
    now: ports.clock.now(),
    staleAfter: change.config.audit.staleAfter,
  };
  const last = lastAudit(await ports.ledger.entries(), model.name, today);
  return last === null ? [] : [noteOf(last)];
}

function noteOf({ fact, stale }: LastAudit): string {
  const when = `The gates of ${fact.model} were audited on ${fact.at.slice(0, 10)}`;
  if (stale !== null) return `${when}, which is stale: ${stale}. Run fieldproof audit again.`;
  const { falseFails, falsePasses, caught } = fact;
  const found = [
    said(falseFails, 'worlds without a loss failed'),
    said(falsePasses, 'that lost a whole margin passed'),
    said(caught, 'that lost twice the margin were caught'),
  ].filter((part) => part !== null);
  const asleep = fact.gates.filter(({ wakesAt }) => wakesAt === null).map(({ gate }) => gate);
  const slept = asleep.length === 0 ? '' : ` Not seen to wake up: ${asleep.join(', ')}.`;
  return `${when}: ${found.join('; ')}.${slept}`;
}

function said(rate: AuditFact['caught'], what: string): string | null {
  const told = rate === null ? null : rateOf(rate.count, rate.of);
  if (told === null) return null;
  const share = (value: number) => `${(100 * value).toFixed(0)}%`;
  return `${told.count} of ${told.of} ${what} (${share(told.low)} to ${share(told.high)})`;
}
