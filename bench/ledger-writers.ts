/**
 * Fifty writers, each a process, append 2,000 records each to one branch through Git, while one of them is killed 300 times, at
 * random, and started again. Each acknowledged record has to be there once, and the chain to be whole.
 *
 *     node bench/ledger-writers.ts [--writers 50] [--records 2000] [--at-once 250]
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { cpus, loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { playWriters } from '../testing/worlds/ledger-writers.ts';

const { values } = parseArgs({
  options: {
    writers: { type: 'string', default: '50' },
    records: { type: 'string', default: '2000' },
    'at-once': { type: 'string', default: '250' },
    kills: { type: 'string', default: '300' },
  },
});
const folder = mkdtempSync(join(tmpdir(), 'fieldproof-bench-writers-'));
const [writers, records, atOnce] = [Number(values.writers), Number(values.records), Number(values['at-once'])];
console.log(
  `${cpus().length} x ${cpus()[0]?.model}, load ${loadavg()[0]?.toFixed(0)}; ${writers} writers of ${records} records, ${atOnce} appends of one waiting in each`,
);
const start = performance.now();
let said = 0;
const onProgress = (acknowledged: number) => {
  if (performance.now() - said < 30_000) return;
  said = performance.now();
  console.log(`${((said - start) / 1000).toFixed(0)} s: ${acknowledged} acknowledged`);
};
const written = await playWriters({
  folder,
  writers,
  records,
  atOnce,
  kills: Number(values.kills),
  seed: 1,
  onProgress,
});
console.log(`${((performance.now() - start) / 1000).toFixed(0)} s: ${JSON.stringify(written)}`);
rmSync(folder, { recursive: true });
const isWhole = written.state === 'intact' && written.lost === 0 && written.twice === 0 && written.entries === writers * records;
process.exitCode = isWhole ? 0 : 1;
