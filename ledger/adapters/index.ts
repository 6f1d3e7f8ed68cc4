export { GitLedger } from './git-ledger.ts';
