/**
 * What a gate on latency makes of a real model beside itself, and of one whose every answer truly takes longer, each check a whole measurement by
 * the product's own protocol on real processes; the example's model. It takes a machine with nothing else to do. In worlds whose truth is known:
 * bench/latency-checks.ts.
 *
 *     node bench/real-latency-checks.ts [--margin 10%] [--checks 200,50] [--slower 0,0.05] [--home folder]
 *
 * So many checks of each. `--home`: where the example's repository is laid, and found again by a later run; else it is removed at the end.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { silentProgress } from '#kernel';
import { openJudges, type ModelJudge } from '#pipelines/check';
import { composeAudit } from '../cli/compose-audit.ts';
import type { Finding } from '../eval/finding.ts';
import { timeSlower } from '../pipelines/audit/worlds/time-slower.ts';
import { drawPorch, layPorch, onOneChipset } from './planned/porch-team.ts';
import { silentTerminal } from './planned/silent-terminal.ts';

const { values } = parseArgs({
  options: {
    margin: { type: 'string', default: '10%' },
    checks: { type: 'string', default: '200,50' },
    slower: { type: 'string', default: '0,0.05' },
    home: { type: 'string' },
  },
});
const checks = values.checks.split(',').map(Number);
const slowdowns = values.slower.split(',').map(Number);
if (checks.length !== slowdowns.length || [...checks, ...slowdowns].some((number) => !(number >= 0)))
  throw new Error('--checks and --slower: as many numbers of 0 or more in each, such as --checks 200,50 --slower 0,0.05');
const home = values.home ?? mkdtempSync(path.join(tmpdir(), 'fieldproof-latency-'));
const { margin } = values;
const policy = onOneChipset({ latency: true, margin });
const team = layPorch(path.join(home, margin), await drawPorch(path.join(home, 'data')), policy);
const composed = await composeAudit({ repo: team.folder, runner: 'process' }, silentTerminal(team.folder));
const ports = { ...composed, progress: silentProgress };
const [judge] = await openJudges('main', 1, ports);
if (judge === undefined) throw new Error('the example has no model');

type Row = { outcome: Finding['outcome']; seconds: number; held: boolean };
const table: string[] = [];
for (const [at, slower] of slowdowns.entries()) {
  const rows: Row[] = [];
  for (let run = 0; run < (checks[at] ?? 0); run += 1) rows.push(await check(judge, slower, 1000 * at + run));
  table.push(summary(slower, rows));
}
console.log(`
| margin | truly slower by | checks | pass | fail | inconclusive | interval holds the truth | median seconds |
|---|---|---|---|---|---|---|---|
${table.join('\n')}`);
await ports.repository.discard();
if (values.home === undefined) rmSync(home, { recursive: true });

async function check(judged: ModelJudge, slower: number, seed: number): Promise<Row> {
  const began = performance.now();
  const [finding] = await timeSlower(judged, { by: slower, seed }, ports);
  if (finding === undefined) throw new Error('nothing was found of latency');
  const seconds = (performance.now() - began) / 1000;
  const { value, interval } = finding.gain;
  const truth = -Math.log1p(slower);
  const held = interval !== null && interval.low <= truth && truth <= interval.high;
  // A gain is the logarithm of how much quicker, so its upper end is the lower one of the ratio.
  const told = [value, interval?.high, interval?.low].map((gain) => Math.exp(-(gain ?? Number.NaN)).toFixed(3));
  console.log(
    `slower by ${100 * slower}%, seed ${seed}: ${finding.outcome}, ${told[0]} (${told[1]} to ${told[2]}), ${seconds.toFixed(0)} s`,
  );
  return { outcome: finding.outcome, seconds, held };
}

function summary(slower: number, rows: readonly Row[]): string {
  const count = (outcome: Finding['outcome']) => rows.filter((row) => row.outcome === outcome).length;
  const median = rows.map(({ seconds }) => seconds).toSorted((a, b) => a - b)[Math.floor(rows.length / 2)] ?? 0;
  const held = `${rows.filter((row) => row.held).length} of ${rows.length}`;
  const cells = [
    margin,
    `${100 * slower}%`,
    rows.length,
    count('pass'),
    count('fail'),
    count('inconclusive'),
    held,
    median.toFixed(0),
  ];
  return `| ${cells.join(' | ')} |`;
}
