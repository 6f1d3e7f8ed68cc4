export type { Entry, Fact, Ledger, Link, StoredRecord, Verification } from './ledger.ts';
