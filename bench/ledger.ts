/**
 * How long a ledger of many signed entries takes to be appended to, verified whole, verified onward from where it was verified before,
 * and taken into an index.
 *
 *     node bench/ledger.ts [--entries 100000]
 */
import { execFileSync } from 'node:child_process';
import { generateKeyPairSync } from 'node:crypto';
import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { systemClock } from '#kernel';
import { asWritten, refreshIndex } from '#history';
import { sqliteIndex } from '#history/adapters';
import { GitLedger } from '#ledger/adapters';
import { longHistory } from '../testing/worlds/long-history.ts';

const { values } = parseArgs({ options: { entries: { type: 'string', default: '100000' } } });
const entries = Number(values.entries);
const folder = mkdtempSync(join(tmpdir(), 'fieldproof-bench-'));
const signingKey = join(folder, 'key.pem');
const publicKey = join(folder, 'key.pub');
const keys = generateKeyPairSync('ed25519');
writeFileSync(signingKey, keys.privateKey.export({ type: 'pkcs8', format: 'pem' }));
writeFileSync(publicKey, keys.publicKey.export({ type: 'spki', format: 'pem' }));
execFileSync('git', ['init', '--quiet', folder]);

const options = { folder, environment: process.env, clock: systemClock, signingKey };
const onward = new GitLedger({ ...options, checkpoints: join(folder, 'checkpoints') });
const signed = new GitLedger({ ...options, publicKeys: [publicKey], checkpoints: join(folder, 'checkpoints') });
const whole = new GitLedger(options);
const wholeSigned = new GitLedger({ ...options, publicKeys: [publicKey] });
const facts = longHistory({ iterations: entries, datasets: 20, sites: 50 })
  .take(entries)
  .map((fact) => asWritten(fact));
const trust = {
  name: 'bench',
  keys: [{ publicKey: keys.publicKey.export({ type: 'spki', format: 'der' }).toString('base64'), from: null, until: null }],
};
const index = sqliteIndex(join(folder, 'index.sqlite'));

console.log(`${cpus().length} x ${cpus()[0]?.model}, ${entries} signed entries of all kinds`);
await timed('append all at once', () => whole.append([...facts]));
await timed('append one fact', () => whole.append([{ kind: 'more', n: 1 }]));
await timed('verify whole', () => whole.verify());
await timed('verify whole, with signatures', () => wholeSigned.verify());
await timed('verify for the first time, and note it', () => signed.verify());
await timed('verify again', () => signed.verify());
await whole.append([{ kind: 'more', n: 2 }]);
await timed('verify onward, one entry later', () => signed.verify());
await timed('read all entries', () => whole.entries());
await onward.verify();
await timed('index from nothing, every signature held against policy', () => refreshIndex(index, onward, trust));
await whole.append([{ kind: 'more', n: 3 }]);
await timed('index onward, one entry later', () => refreshIndex(index, onward, trust));
await timed('index, nothing new', () => refreshIndex(index, onward, trust));
await index.close();
console.log(
  `index ${(statSync(join(folder, 'index.sqlite')).size / 2 ** 20).toFixed(0)} MiB, peak memory ${(process.resourceUsage().maxRSS / 1024).toFixed(0)} MiB`,
);
rmSync(folder, { recursive: true });

async function timed(what: string, work: () => Promise<unknown>): Promise<void> {
  const [start, used] = [performance.now(), process.cpuUsage()];
  await work();
  const { user, system } = process.cpuUsage(used);
  console.log(
    `${what.padEnd(58)} ${seconds(performance.now() - start)} s by the clock, ${seconds((user + system) / 1000)} s of this process`,
  );
}

function seconds(milliseconds: number): string {
  return (milliseconds / 1000).toFixed(2);
}
