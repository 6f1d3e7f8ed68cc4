/**
 * How much of a machine's speed reaches the user: the samples per second of `askDataset` (a server in its own process, the
 * protocol, trials) against a bare onnxruntime-node loop in this process with the same decode, resize and threads, and against
 * the loop that a user would write in Python (ONNX Runtime, Pillow, two threads; installed here from PyPI). All run in turn,
 * several times; a ratio is the median over rounds. Needs ../shared/data/real, whose 200 pictures are shown over and over.
 *
 *     node bench/samples-per-second.ts 200 1000 10000       ROUNDS=3
 */
import { createHash } from 'node:crypto';
import { copyFile, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import { basename, join, resolve } from 'node:path';
import { askDataset } from '#eval';
import { METRICS, scoreAnswers, type Answer } from '#tasks';
import { processModelRunner } from '#runners/adapters';
import { digestOf, type InferRequest, releaseOf } from '#kernel';
import type { OpenDataset, Sample } from '#datasets';
import { openOnnx, readModelFolder, sharpPictureReader } from '../runtime/adapters/index.ts';
import { openModel } from '../runtime/open-model.ts';
import { pythonWith } from '../testing/python-peers.ts';

const COUNTS = process.argv.length > 2 ? process.argv.slice(2).map(Number) : [200];
/** Enough of them for a median; the longest run tells by its length. */
const roundsOf = (count: number) => Number(process.env['ROUNDS'] ?? (count > 5_000 ? 3 : 5));
const PYTHON = ['onnxruntime==1.32.0', 'pillow==13.0.0', 'numpy==2.4.6'];
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
const truths = rows
  .trim()
  .split('\n')
  .slice(1)
  .map((row) => ({
    file: row.slice(0, row.lastIndexOf(',')),
    truth: Number(row.slice(row.lastIndexOf(',') + 1)),
  }));

/** So many, the pictures that there are over and over. */
function samplesOf(count: number): Sample<number>[] {
  const rounds = Array.from({ length: Math.ceil(count / truths.length) }, (_, round) => round);
  const all = rounds.flatMap((round) => truths.map(({ file, truth }) => ({ id: `${round}/${file}`, truth })));
  return all.slice(0, count).map(({ id, truth }) => ({ id, truth, pin: digestOf(id), slices: {} }));
}

const fileOf = ({ id }: Sample) => join(DATA, 'images', basename(id));

const read = async (sample: Sample) => {
  const bytes = await readFile(fileOf(sample));
  createHash('sha256').update(bytes).digest(); // as a dataset checks its pins
  return bytes;
};

const openedOf = (samples: readonly Sample<number>[]): OpenDataset => ({
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
});

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

type Samples = readonly Sample<number>[];
type Took = { seconds: number; right: number };

async function loop(samples: Samples): Promise<Took> {
  const begun = performance.now();
  for (const sample of samples) {
    const request: InferRequest = { inputs: [{ name: 'image', datatype: 'BYTES', shape: [1], data: [await read(sample)] }] };
    await bare.infer(request);
  }
  return { seconds: (performance.now() - begun) / 1000, right: Number.NaN };
}

async function check(samples: Samples): Promise<Took> {
  const opened = openedOf(samples);
  const begun = performance.now();
  const answers: Answer[] = [];
  const onAnswers = async (lot: readonly Answer[]) => void answers.push(...lot);
  await askDataset(running, opened, new Set(samples.map(({ id }) => id)), { threshold: null, clipsAtOnce: 1, onAnswers });
  const scored = scoreAnswers(opened.dataset, answers, new Map());
  const seconds = (performance.now() - begun) / 1000;
  if (scored.kind === 'refused') throw new Error(scored.reason);
  const top1 = METRICS.get('top1')?.metric;
  if (top1?.kind !== 'ratio') throw new Error('top1 is no ratio');
  return { seconds, right: scored.trials.reduce((sum, trial) => sum + top1.totals(trial).numerator, 0) };
}

const askPython = pythonWith('bench-loop', PYTHON);

async function python(samples: Samples): Promise<Took> {
  const lines = samples.map((sample) => `${fileOf(sample)},${sample.truth}`);
  const script = join(import.meta.dirname, 'loops', 'squeezenet.py');
  const [line = ''] = askPython(script, [join(DATA, 'models/squeezenet-fp16.onnx'), String(THREADS)], lines);
  const [seconds = Number.NaN, right = Number.NaN] = line.split(' ').map(Number);
  return { seconds, right };
}

function middle(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;
}

const WAYS = { 'bare loop': loop, check, 'Python loop': python };
type Way = keyof typeof WAYS;

for (const way of Object.values(WAYS)) await way(samplesOf(20)); // nothing is timed that starts
console.log(`${os.cpus()[0]?.model}, ${os.cpus().length} CPUs`);
for (const count of COUNTS) {
  const samples = samplesOf(count);
  const rounds: Record<Way, Took>[] = [];
  for (let round = 0; round < roundsOf(count); round += 1) {
    const took: Record<Way, Took> = {
      'bare loop': await loop(samples),
      check: await check(samples),
      'Python loop': await python(samples),
    };
    rounds.push(took);
    process.stderr.write(`${count} pictures, round ${round + 1} of ${roundsOf(count)}\n`);
  }
  const rate = (way: Way) => (count / middle(rounds.map((round) => round[way].seconds))).toFixed(1);
  const over = (way: Way) => middle(rounds.map((round) => round[way].seconds / round.check.seconds)).toFixed(2);
  const rights = `top-1 ${rounds[0]?.check.right} here, ${rounds[0]?.['Python loop'].right} in Python`;
  const ways = (Object.keys(WAYS) as Way[]).map((way) => `${way} ${rate(way)}/s`).join(', ');
  const load = `load ${os.loadavg()[0]?.toFixed(1)}`;
  console.log(
    `${count} pictures (${rights}; ${load}): ${ways}; speed of a check over the bare loop ${over('bare loop')}, over Python's ${over('Python loop')}`,
  );
}
await running.stop();
await rm(folder, { recursive: true });
