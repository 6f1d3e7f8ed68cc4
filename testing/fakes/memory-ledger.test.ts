import { ledgerContract } from '../contracts/ledger.contract.ts';
import { MemoryLedger } from './memory-ledger.ts';

ledgerContract('a ledger in memory', () => Promise.resolve(new MemoryLedger()));
