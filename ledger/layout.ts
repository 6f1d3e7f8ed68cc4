import { hexOf, type Digest } from '#kernel';

/** Where a record is kept: its content alone names it. */
export function recordPath(id: Digest): string {
  const hex = hexOf(id);
  return `records/${hex.slice(0, 2)}/${hex}.json`;
}

/** Where a link is kept. Three digits a folder, so that an append rewrites small folders, however long the chain is. */
export function linkPath(seq: number): string {
  const digits = String(seq).padStart(9, '0');
  return `chain/${digits.slice(0, 3)}/${digits.slice(3, 6)}/${digits.slice(6)}.json`;
}

export type LedgerPath = { kind: 'record'; id: Digest } | { kind: 'link'; seq: number };

/** What a path of the ledger's branch holds; undefined for one that no ledger writes. */
export function readPath(path: string): LedgerPath | undefined {
  const [, hex] = /^records\/[0-9a-f]{2}\/([0-9a-f]{64})\.json$/.exec(path) ?? [];
  if (hex !== undefined && recordPath(`sha256:${hex}`) === path) return { kind: 'record', id: `sha256:${hex}` };
  const [, ...digits] = /^chain\/(\d{3})\/(\d{3})\/(\d{3})\.json$/.exec(path) ?? [];
  return digits.length === 3 ? { kind: 'link', seq: Number(digits.join('')) } : undefined;
}
