import { codeHostContract } from '../contracts/code-host.contract.ts';
import { MemoryCodeHost } from './memory-code-host.ts';

codeHostContract('a code host in memory', () => {
  const host = new MemoryCodeHost();
  const [head, main] = ['1'.repeat(40), '2'.repeat(40)];
  const pullRequest = host.open({
    title: 'Sharper',
    head,
    base: main,
    headBranch: 'change',
    baseBranch: 'main',
    fork: false,
    author: 'dev',
    merged: false,
    createdAt: '2026-01-02T03:04:05Z',
  });
  return Promise.resolve({
    host,
    us: 'fieldproof',
    pullRequest,
    head,
    main,
    proposalBranch: 'proposal',
    see: () => Promise.resolve(host.see(pullRequest)),
    stranger: host.stranger,
  });
});
