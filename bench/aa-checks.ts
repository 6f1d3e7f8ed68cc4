/**
 * How often does the gate cry wolf? The same release judged against itself, twenty times, with identity and cache off: no
 * check may fail, the latency ratio's 90% interval should hold 1 about nine times in ten, and be narrow enough to decide.
 *
 *     node bench/aa-checks.ts [--runs 20]
 */
import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { cpus, tmpdir } from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { writeBench, writeStreet } from '../examples/porch/scenes/write-dataset.ts';
import { checkReportSchema, type CheckReport } from '../report/documents/check-report.ts';

const { values } = parseArgs({ options: { runs: { type: 'string', default: '20' } } });
const root = path.resolve(import.meta.dirname, '..');
const folder = mkdtempSync(path.join(tmpdir(), 'fieldproof-aa-'));
const repository = path.join(folder, 'porch');
const example = path.join(root, 'examples', 'porch');

const config = `version: 1
models:
  porch: { build: models/porch, image: registry.example/acme/porch, task: classification }
datasets:
  bench: { manifest: datasets/bench.yaml }
  street: { manifest: datasets/street.yaml }
chipsets:
  edge-box: { platform: linux/amd64, limits: { cpus: 1, memory: 512MiB } }
gates:
  porch:
    - { dataset: bench, metric: top1, margin: 2% }
    - { dataset: street, metric: event-recall, margin: 10%, guard: [site], guard-margin: 20% }
    - { dataset: street, metric: false-alarms-per-hour, margin: 30 }
    - { chipset: '*', metric: latency-p50, margin: 10% }
`;

await layRepository();
const reports: CheckReport[] = [];
console.log('| run | verdict | latency ratio | 90% interval | half-width | control |\n|---|---|---|---|---|---|');
for (let run = 1; run <= Number(values.runs); run += 1) {
  const report = check(run);
  reports.push(report);
  const { ratio, low, high, half, control } = latencyOf(report);
  console.log(
    `| ${run} | ${report.outcome} | ${ratio.toFixed(3)} | ${low.toFixed(3)}–${high.toFixed(3)} | ${percent(half)} | ${control.toFixed(3)} |`,
  );
}
const latencies = reports.map((report) => latencyOf(report));
const count = (holds: (latency: (typeof latencies)[number]) => boolean) => latencies.filter((latency) => holds(latency)).length;
console.log(`
${cpus().length} cores of ${cpus()[0]?.model}, ${reports.length} checks of a release against itself:
- ${reports.filter(({ outcome }) => outcome === 'fail').length} failed, ${reports.filter(({ outcome }) => outcome === 'pass').length} passed, the others were inconclusive
- the ratio's interval holds 1 in ${count(({ low, high }) => low <= 1 && 1 <= high)}
- its half-width is at most 5% in ${count(({ half }) => half <= 0.05)}`);
rmSync(folder, { recursive: true });

async function layRepository(): Promise<void> {
  await writeBench(path.join(folder, 'data', 'bench'), { seed: 101, count: 200 });
  await writeStreet(path.join(folder, 'data', 'street'), { seed: 101, clipsPerSite: 10 });
  cpSync(path.join(example, 'repository'), repository, { recursive: true });
  mkdirSync(path.join(repository, 'models', 'porch'), { recursive: true });
  cpSync(path.join(example, 'models', 'porch-v3-field.onnx'), path.join(repository, 'models', 'porch', 'porch.onnx'));
  writeFileSync(path.join(repository, 'fieldproof.yaml'), config);
  renameSync(path.join(folder, 'data', 'street', 'clips.jsonl'), path.join(repository, 'datasets', 'street.jsonl'));
  fieldproof('pin', 'datasets/bench.yaml');
  fieldproof('pin', 'datasets/street.yaml');
  const identity = ['-c', 'user.name=bench', '-c', 'user.email=bench@example.com'];
  for (const args of [
    ['init', '--quiet', '-b', 'main'],
    ['add', '.'],
    [...identity, 'commit', '--quiet', '-m', 'A release'],
  ]) {
    spawnSync('git', args, { cwd: repository });
  }
}

function check(seed: number): CheckReport {
  const json = path.join(folder, `${seed}.json`);
  fieldproof('check', '--base', 'main', '--head', 'main', '--no-identity', '--fresh', '--seed', String(seed), '--json', json);
  return checkReportSchema.parse(JSON.parse(readFileSync(json, 'utf8')));
}

function fieldproof(...args: string[]): void {
  const result = spawnSync(path.join(root, 'bin', 'fieldproof'), args, {
    cwd: repository,
    encoding: 'utf8',
  });
  if (result.status === 3) throw new Error(result.stderr);
}

/** `half`: of the interval's width, as a share of its middle. */
function latencyOf({ models }: CheckReport): { ratio: number; low: number; high: number; half: number; control: number } {
  const latency = models[0]?.latency[0];
  const ratio = latency?.ratio;
  const { low, high } = ratio?.interval ?? { low: Number.NaN, high: Number.NaN };
  return {
    ratio: ratio?.value ?? Number.NaN,
    low,
    high,
    half: (high - low) / (high + low),
    control: latency?.control?.value ?? Number.NaN,
  };
}

function percent(share: number): string {
  return `${(100 * share).toFixed(1)}%`;
}
