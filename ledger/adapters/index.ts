export { GitLedger } from './git-ledger.ts';
export { type Shared, shareLedger } from './share-ledger.ts';
