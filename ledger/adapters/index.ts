export { GitLedger } from './git-ledger.ts';
export { shareLedger, type Shared } from './share-ledger.ts';
