export type { Entry, Fact, Ledger, Verification } from './ledger.ts';
