import { CouldNotRun, type Digest } from '#kernel';
import { linkDigest, type Entry, type Ledger } from '#ledger';
import { factsOf } from './read-facts.ts';

/**
 * Who has seen the ledger when its last entry was this one; `record`: what was in it by then, if that is said; `hold`: for which that
 * record's release was taken back.
 */
export type Witness = { who: string; seq: number; digest: Digest; record: string | null; hold?: string | null };

/** What a ledger lacks that a witness has seen in it. */
export type Missing = { witness: Witness; lacks: string };

/**
 * The witnesses that a ledger does not bear out: it lacks an entry that they have seen at its end, so what came before that was
 * cut off or written anew; or the record that they were written for; or that its release is held, which was written down just before
 * it was taken back, and may have been cut off since.
 */
export function missingFrom(entries: readonly Entry[], witnesses: readonly Witness[]): Missing[] {
  const records = new Set<string>(entries.map(({ record }) => record.id));
  const held = new Set<string | null>(factsOf(entries, 'hold').map(({ fact }) => fact.verdict));
  const links = new Map(entries.map(({ link }) => [link.seq, link]));
  return witnesses.flatMap((witness) => {
    const link = links.get(witness.seq);
    if (link === undefined || linkDigest(link) !== witness.digest)
      return [{ witness, lacks: `entry ${witness.seq} as it was then (${witness.digest.slice(0, 19)})` }];
    if (witness.record !== null && !records.has(witness.record))
      return [{ witness, lacks: `the record ${witness.record.slice(0, 19)}` }];
    if (witness.hold == null || records.has(witness.hold) || held.has(witness.record)) return [];
    return [{ witness, lacks: `the hold ${witness.hold.slice(0, 19)}` }];
  });
}

/** @throws CouldNotRun naming the witness, and where the ledger ends */
export async function refuseBehind(ledger: Pick<Ledger, 'entries'>, witnesses: readonly Witness[]): Promise<void> {
  const entries = await ledger.entries();
  const [first] = missingFrom(entries, witnesses);
  if (first === undefined) return;
  throw new CouldNotRun({
    file: 'fieldproof/ledger',
    message: behind(first, entries),
    remedy:
      'take in what was shared: fieldproof ledger --sync origin; where the remote lacks it too, somebody has cut it off: put the branch back to a copy that holds it, or, of a hold that is lost, take the release back again: fieldproof rollback',
  });
}

export function behind({ witness, lacks }: Missing, entries: readonly Entry[]): string {
  const last = entries.at(-1);
  const end = last === undefined ? 'it is empty' : `it ends at entry ${last.link.seq} (${linkDigest(last.link).slice(0, 19)})`;
  return `the ledger is behind what ${witness.who} bears witness to: it lacks ${lacks}, and ${end}`;
}
