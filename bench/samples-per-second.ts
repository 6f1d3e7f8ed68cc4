/**
 * How much of a machine's speed reaches the user: the samples per second of `askDataset` (a server in its own process, the
 * protocol, trials) against a bare onnxruntime-node loop in this process with the same decode, resize and threads. Both
 * run in turn, several times; the ratio is the median over rounds. Needs ../shared/data/real.
 */
import { createHash } from 'node:crypto';
import { copyFile, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import { join, resolve } from 'node:path';
import { askDataset } from '#eval';
import { METRICS, scoreAnswers, type Answer } from '#tasks';
import { processModelRunner } from '#runners/adapters';
import { digestOf, type InferRequest, releaseOf } from '#kernel';
import type { OpenDataset, Sample } from '#datasets';
import { openOnnx, readModelFolder, sharpPictureReader } from '../runtime/adapters/index.ts';
import type { ServedModel } from '../runtime/model-parts.ts';
import { openModel } from '../runtime/open-model.ts';

const ROUNDS = 5;
const THREADS = 2;
const DATA = resolve(import.meta.dirname, '../../shared/data/real');
const DESCRIPTION = `version: 1
name: squeezenet
task: classification
weights: { default: squeezenet.onnx }
preprocess: { resize: { shorter-side: 256, kernel: lanczos3 }, crop: { width: 224, height: 224 }, channels: bgr, mean: [104, 117, 123] }
`;

const rows = await readFile(join(DATA, 'ground-truth.csv'), 'utf8').catch(() => null);
if (rows === null) {
  console.log(`skipped: ${DATA} is not there`);
  process.exit();
}
const samples: Sample<number>[] = rows
  .trim()
  .split('\n')
  .slice(1)
  .map((row) => ({
    id: row.slice(0, row.lastIndexOf(',')),
    truth: Number(row.slice(row.lastIndexOf(',') + 1)),
    pin: digestOf(row),
    slices: {},
  }));
const read = async ({ id }: Sample) => {
  const bytes = await readFile(join(DATA, 'images', id));
  createHash('sha256').update(bytes).digest(); // as a dataset checks its pins
  return bytes;
};
const open: OpenDataset = {
  dataset: {
    round: 'research',
    medium: 'pictures',
    task: 'classification',
    name: 'bench',
    digest: digestOf('bench'),
    classes: Array.from({ length: 1000 }, (_, index) => String(index)),
    samples,
  },
  read,
  frames: () => {
    throw new Error('pictures only');
  },
  seconds: async () => 0,
};

const folder = await mkdtemp(join(os.tmpdir(), 'fieldproof-bench-'));
await copyFile(join(DATA, 'models/squeezenet-fp16.onnx'), join(folder, 'squeezenet.onnx'));
await writeFile(join(folder, 'model.yaml'), DESCRIPTION);
const parts = await readModelFolder(folder, null);
const bare = await openModel({ ...parts, load: (file) => openOnnx(file, THREADS), reader: sharpPictureReader() });
const running = await processModelRunner().start(
  { kind: 'model', release: releaseOf({ model: digestOf('m'), runtime: null }), folder, runtimeImage: null },
  {
    name: 'here',
    platform: '',
    at: { kind: 'local' },
    variant: null,
    requires: { cpu: [] },
    limits: { cpus: THREADS, memoryBytes: null },
  },
);

async function loop(served: ServedModel): Promise<void> {
  for (const sample of samples) {
    const request: InferRequest = { inputs: [{ name: 'image', datatype: 'BYTES', shape: [1], data: [await read(sample)] }] };
    await served.infer(request);
  }
}

/** Pictures that are right. */
async function check(): Promise<number> {
  const answers: Answer[] = [];
  const onAnswers = async (lot: readonly Answer[]) => void answers.push(...lot);
  await askDataset(running, open, new Set(samples.map(({ id }) => id)), { threshold: null, clipsAtOnce: 1, onAnswers });
  const scored = scoreAnswers(open.dataset, answers, new Map());
  if (scored.kind === 'refused') throw new Error(scored.reason);
  const top1 = METRICS.get('top1')?.metric;
  return top1?.kind === 'ratio' ? scored.trials.reduce((sum, trial) => sum + top1.totals(trial).numerator, 0) : Number.NaN;
}

async function seconds(work: () => Promise<unknown>): Promise<number> {
  const begun = performance.now();
  await work();
  return (performance.now() - begun) / 1000;
}

function middle(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;
}

const right = await check();
await loop(bare);
console.log(
  `${os.cpus()[0]?.model}, ${os.cpus().length} CPUs, load ${os.loadavg()[0]?.toFixed(1)}; ${samples.length} pictures, top-1 ${right}`,
);
const rounds: { bare: number; check: number }[] = [];
for (let round = 0; round < ROUNDS; round += 1) {
  rounds.push({ bare: await seconds(async () => await loop(bare)), check: await seconds(check) });
}
const rate = (key: 'bare' | 'check') => (samples.length / middle(rounds.map((round) => round[key]))).toFixed(1);
const ratio = middle(rounds.map((round) => round.check / round.bare)).toFixed(3);
console.log(`bare loop ${rate('bare')}/s, check ${rate('check')}/s, time ratio ${ratio}`);
await running.stop();
await rm(folder, { recursive: true });
