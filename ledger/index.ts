export { linkDigest } from './chain.ts';
export { chainOfTexts, type EntryTexts } from './chain-texts.ts';
export type { Bound, Entry, Fact, Head, Ledger, LedgerReader, Link, Terms, Verification } from './ledger.ts';
export { sortByTrust, type Sorted, type SortedBefore, type Trust, type Untrusted, whyNotToday } from './trust.ts';
