import { CouldNotRun, plainText, type Clock } from '#kernel';
import { sortByTrust, type Entry, type Ledger, type Sorted, type Terms, type Trust, type Untrusted, whyNotToday } from '#ledger';

/**
 * What counts of a ledger, and nothing else: every pipeline reads through it. Where policy does not say who signs, all counts.
 */
export async function trustedEntries(ledger: Pick<Ledger, 'entries'>, policy: Trust | null): Promise<Sorted> {
  const entries = await ledger.entries();
  return policy === null ? { trusted: entries, aside: [], dated: null } : sortByTrust(entries, policy);
}

/** What links are made under where policy says who signs. */
export function termsOf(policy: Trust | null): Terms | null {
  if (policy === null) return null;
  return { ledger: policy.name, counting: (entries) => sortByTrust(entries, policy).trusted };
}

/** A ledger as policy reads it: what does not count is not there, and what is appended is signed as policy asks. */
export function trustedLedger(ledger: Ledger, policy: Trust | null, clock: Pick<Clock, 'now'>): Ledger {
  const terms = termsOf(policy);
  if (policy === null || terms === null) return ledger;
  return {
    entries: async () => (await trustedEntries(ledger, policy)).trusted,
    append: async (facts) => {
      await mustSign(ledger, policy, clock);
      return await ledger.append(facts, terms);
    },
    appendUnless: async (isKnown, facts) => {
      await mustSign(ledger, policy, clock);
      return await ledger.appendUnless((entries: readonly Entry[]) => isKnown(terms.counting(entries)), facts, terms);
    },
    verify: (known) => ledger.verify(known),
    signsAs: () => ledger.signsAs(),
    sharedHead: () => ledger.sharedHead(),
  };
}

/**
 * For whoever will append, before anything else is done.
 * @param orElse what else can be done without a key, as the end of the remedy
 * @throws CouldNotRun where policy says who signs, and nothing that it names signs here today
 */
export async function mustSign(
  ledger: Pick<Ledger, 'signsAs'>,
  policy: Trust | null,
  clock: Pick<Clock, 'now'>,
  orElse = '',
): Promise<void> {
  if (policy === null) return;
  const key = await ledger.signsAs();
  const reason = key === null ? 'there is no key to sign with' : whyNotToday(key, policy, clock.now());
  if (reason === null) return;
  throw new CouldNotRun({
    file: 'fieldproof.yaml',
    field: 'ledger.keys',
    message: `says who signs the ledger, and what this run would append would not count: ${reason}`,
    remedy:
      'give the private key of one of them: --signing-key, or on GitHub the secret FIELDPROOF_SIGNING_KEY, in the environment that this job names or in the repository where it names none, passed to the action as signing-key' +
      orElse,
  });
}

/** One sentence for whoever reads a report; null where all counts. */
export function asideNote(aside: readonly Untrusted[]): string | null {
  if (aside.length === 0) return null;
  const reasons = Map.groupBy(aside, ({ reason }) => reason);
  const groups = [...reasons].slice(0, 3).map(([reason, of]) => `${placesOf(of)}: ${reason}`);
  const more = reasons.size > 3 ? `; and ${reasons.size - 3} more reasons` : '';
  const entries = aside.length === 1 ? '1 entry of the ledger does' : `${aside.length} entries of the ledger do`;
  return plainText(`${entries} not count, and nothing rests on them: ${groups.join('; ')}${more}.`);
}

function placesOf(aside: readonly Untrusted[]): string {
  const shown = aside.slice(0, 3).map(({ seq, kind }) => `${seq} (${kind.slice(0, 20)})`);
  return aside.length > shown.length ? `${shown.join(', ')} and ${aside.length - shown.length} more` : shown.join(', ');
}
