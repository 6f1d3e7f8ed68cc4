import type { Digest } from '#kernel';
import { parseTrailers, type Trailers } from './commit-message.ts';
import type { FleetSnapshot } from '../fleet-repository.ts';

const TRAILER = 'Fieldproof-Ledger';

/** The end of a ledger as it was at some time: the number of its last entry and the digest of that entry's link. */
export type LedgerEnd = { seq: number; digest: Digest };

/** What a commit of the fleet repository says of the ledger at the time that it was written. */
export type LedgerWitness = LedgerEnd & {
  commit: string;
  /** The record that it was written for. */
  record: string | null;
  /** The hold for which it takes that record's release back. */
  hold: string | null;
};

/** Nothing where the ledger was never shared: its links may yet be made anew, under the same records. */
export function ledgerTrailer(end: LedgerEnd | null): Trailers {
  return end === null ? {} : { [TRAILER]: `${end.seq} ${end.digest}` };
}

/** What the commits of a branch say of the ledger, newest first. */
export async function ledgerWitnesses(tip: Pick<FleetSnapshot, 'saying'>): Promise<LedgerWitness[]> {
  return (await tip.saying(`${TRAILER}: `)).flatMap(({ commit, message }) => {
    const trailers = parseTrailers(message);
    const [, seq, digest] = /^(\d{1,9}) (sha256:[0-9a-f]{64})$/.exec(trailers[TRAILER] ?? '') ?? [];
    if (seq === undefined || digest === undefined) return [];
    const named = { record: trailers['Fieldproof-Record'] ?? null, hold: trailers['Fieldproof-Hold'] ?? null };
    return [{ commit, seq: Number(seq), digest: digest as Digest, ...named }];
  });
}
