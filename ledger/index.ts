export type { Bound, Entry, Fact, Head, Ledger, Terms, Verification } from './ledger.ts';
