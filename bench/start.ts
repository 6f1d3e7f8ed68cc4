/**
 * What a command costs before it does anything: processor time until it finds that its repository is not there, as a multiple of
 * an empty Node in the same round. Rounds go through all commands in turn, so a machine that is busy for a while slows each alike.
 *
 *     node bench/start.ts [--rounds 10]
 */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';

const { values } = parseArgs({ options: { rounds: { type: 'string', default: '10' } } });
const rounds = Number(values.rounds);
const cli = path.resolve(import.meta.dirname, '..', 'cli', 'cli.ts');
const cache = mkdtempSync(path.join(tmpdir(), 'fieldproof-bench-start-'));
const nowhere = ['--repo', path.join(cache, 'nowhere')];

/** As bin/fieldproof starts it. */
const fieldproof = (...args: readonly string[]) => [
  '--disable-warning=ExperimentalWarning',
  '--min-semi-space-size=16',
  '--max-semi-space-size=32',
  cli,
  ...args,
];

const arms: Record<string, readonly string[]> = {
  'an empty node': ['--eval', '0'],
  '--help': fieldproof('--help'),
  pin: fieldproof('pin', 'manifest.yaml', ...nowhere),
  ledger: fieldproof('ledger', ...nowhere),
  publish: fieldproof('publish', '--head', 'HEAD', ...nowhere),
  doctor: fieldproof('doctor', ...nowhere),
  deploy: fieldproof('deploy', ...nowhere),
  check: fieldproof('check', ...nowhere),
  replay: fieldproof('replay', ...nowhere),
  init: fieldproof('init', ...nowhere),
};

/** Says at its end what it took, in microseconds of processor time. */
const TELLING = `import { writeSync } from 'node:fs';
process.on('exit', () => { const { user, system } = process.cpuUsage(); writeSync(3, String(user + system)); });`;

/** Seconds of processor time, user and system. */
function start(args: readonly string[]): number {
  const env = { ...process.env, NODE_COMPILE_CACHE: path.join(cache, 'node') };
  const telling = ['--import', `data:text/javascript,${encodeURIComponent(TELLING)}`];
  const { output } = spawnSync(process.execPath, [...telling, ...args], { stdio: ['ignore', 'ignore', 'ignore', 'pipe'], env });
  return Number(String(output[3])) / 1e6;
}

const taken = new Map(Object.keys(arms).map((name) => [name, [] as number[]]));
// The first round compiles, and is not counted.
for (let round = 0; round <= rounds; round += 1)
  for (const [name, args] of Object.entries(arms)) {
    const seconds = start(args);
    if (round > 0) taken.get(name)?.push(seconds);
  }
rmSync(cache, { recursive: true });

const median = (numbers: readonly number[]) => numbers.toSorted((a, b) => a - b)[Math.floor(numbers.length / 2)] ?? Number.NaN;
const empty = taken.get('an empty node') ?? [];
console.log('| start of | seconds of processor time, median | times an empty node |\n| --- | --- | --- |');
for (const [name, seconds] of taken) {
  const ratio = median(seconds.map((own, round) => own / (empty[round] ?? Number.NaN)));
  console.log(`| ${name} | ${median(seconds).toFixed(3)} | ${ratio.toFixed(1)} |`);
}
