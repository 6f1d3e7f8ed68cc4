import { problemAt, type Problem, type SourceMap } from '#kernel';
import type { WrittenConfig } from './written-config.ts';
import type { WrittenLedger } from './written-ledger.ts';

/** Who signs the ledger, and what it is called. `publicKey`: SPKI, DER, in base64. Days are of UTC, both ends included. */
export type LedgerConfig = {
  name: string;
  keys: readonly { publicKey: string; from: string | null; until: string | null }[];
};

/** Null: nobody has said who signs, and every entry counts. */
export function normaliseLedger(written: WrittenLedger | undefined): LedgerConfig | null {
  if (written === undefined) return null;
  const keys = written.keys.map(({ key, from, until }) => ({ publicKey: key, from: from ?? null, until: until ?? null }));
  return { name: written.name, keys };
}

/** A key that is never in its time signs nothing, and one that is there twice has two times. */
export function ledgerProblems({ ledger }: WrittenConfig, at: SourceMap): Problem[] {
  const keys = ledger?.keys ?? [];
  return keys.flatMap(({ key, from, until }, index) => {
    const path = ['ledger', 'keys', index];
    const empty = from !== undefined && until !== undefined && until < from;
    const first = keys.findIndex((other) => other.key === key);
    return [
      ...(empty ? [problemAt(at, [...path, 'until'], `${until} is before ${from}`, 'give a day after from')] : []),
      ...(first < index ? [problemAt(at, path, 'this key is listed twice', 'remove one of them')] : []),
    ];
  });
}
