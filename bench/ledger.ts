/** How long an append and a verification take on a ledger of 5,000 signed entries. */
import { execFileSync } from 'node:child_process';
import { generateKeyPairSync } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { systemClock } from '#kernel';
import { GitLedger } from '#ledger/adapters';

const ENTRIES = 5000;
const folder = mkdtempSync(join(tmpdir(), 'fieldproof-bench-'));
const signingKey = join(folder, 'key.pem');
writeFileSync(signingKey, generateKeyPairSync('ed25519').privateKey.export({ type: 'pkcs8', format: 'pem' }));
execFileSync('git', ['init', '--quiet', folder]);

const ledger = new GitLedger({ folder, environment: process.env, clock: systemClock, signingKey });
await ledger.append(Array.from({ length: ENTRIES }, (_, n) => ({ kind: 'note', n })));
const median = async (work: (n: number) => Promise<unknown>): Promise<string> => {
  const times: number[] = [];
  for (let n = 0; n < 11; n += 1) {
    const start = performance.now();
    await work(n);
    times.push(performance.now() - start);
  }
  return `${times.toSorted((a, b) => a - b)[5]?.toFixed(0)} ms`;
};
console.log(`${cpus().length} x ${cpus()[0]?.model}, ${ENTRIES} entries, median of 11`);
console.log(`append one fact  ${await median((n) => ledger.append([{ kind: 'more', n }]))}`);
console.log(`verify           ${await median(() => ledger.verify())}`);
rmSync(folder, { recursive: true });
