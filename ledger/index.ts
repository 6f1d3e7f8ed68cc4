export { linkDigest } from './chain.ts';
export type { Bound, Entry, Fact, Head, Ledger, Terms, Verification } from './ledger.ts';
export { sortByTrust, type Sorted, type Trust, type Untrusted, whyNotToday } from './trust.ts';
