import { historyIndexContract } from '../testing/contracts/history-index.contract.ts';
import { memoryIndex } from './memory-index.ts';

historyIndexContract('an index in memory', () => Promise.resolve(memoryIndex()));
