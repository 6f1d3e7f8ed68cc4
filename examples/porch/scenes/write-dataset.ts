/**
 * Writes the data that the example is judged on.
 *
 *     node write-dataset.ts --out data [--seed 1] [--bench 800] [--clips-per-site 60] [--threads 2]
 */
import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { Worker } from 'node:worker_threads';

import sharp from 'sharp';

import { LABELS, labelInTurn } from './actors.ts';
import { HEIGHT, WIDTH } from './canvas.ts';
import { createRandom, hashSeed } from './random.ts';
import { renderStill } from './scene.ts';
import { randomSite } from './site.ts';
import type { ClipLine, StreetShare } from './street.ts';

export type Progress = (done: number, total: number, what: string) => void;

export interface BenchOptions {
  readonly seed: number;
  readonly count: number;
  readonly onProgress?: Progress;
}

/** `bench/<class>/<name>.jpg`: clean pictures by daylight, as many of each class. */
export async function writeBench(directory: string, { seed, count, onProgress }: BenchOptions): Promise<void> {
  await Promise.all(LABELS.map((label) => mkdir(path.join(directory, label), { recursive: true })));
  for (let index = 0; index < count; index++) {
    const label = labelInTurn(index);
    const picture = hashSeed('bench', seed, index);
    const pixels = renderStill(randomSite(picture), label, { light: 'day', weather: 'clear' }, createRandom(picture));
    const jpeg = await sharp(pixels, { raw: { width: WIDTH, height: HEIGHT, channels: 3 } })
      .jpeg({ quality: 90 })
      .toBuffer();
    await writeFile(path.join(directory, label, `${String(index + 1).padStart(4, '0')}.jpg`), jpeg);
    onProgress?.(index + 1, count, 'bench pictures');
  }
}

export interface StreetOptions {
  readonly seed: number;
  readonly clipsPerSite: number;
  readonly threads?: number;
  readonly onProgress?: Progress;
}

/** `street/<site>/<name>.mp4` and `street/clips.jsonl`; the bytes do not depend on the number of threads. */
export async function writeStreet(directory: string, options: StreetOptions): Promise<readonly ClipLine[]> {
  const { seed, clipsPerSite, threads = 2, onProgress } = options;
  await mkdir(directory, { recursive: true });
  const lines: ClipLine[] = [];
  let done = 0;
  const collect = (message: { index: number; line: ClipLine }): void => {
    lines[message.index] = message.line;
    onProgress?.(++done, clipsPerSite * 4, 'street clips');
  };
  const shares = Array.from({ length: threads }, (_, share) => ({ root: directory, seed, clipsPerSite, share, shares: threads }));
  await Promise.all(shares.map((share) => runWorker(share, collect)));
  await writeFile(path.join(directory, 'clips.jsonl'), lines.map((line) => `${JSON.stringify(line)}\n`).join(''));
  return lines;
}

function runWorker(share: StreetShare, onLine: (message: { index: number; line: ClipLine }) => void): Promise<void> {
  return new Promise((resolve, reject) => {
    const worker = new Worker(new URL('./street-worker.ts', import.meta.url), { workerData: share });
    worker.on('message', onLine);
    worker.on('error', reject);
    worker.on('exit', (code) => (code === 0 ? resolve() : reject(new Error(`a street worker ended with code ${code}`))));
  });
}

function printProgress(done: number, total: number, what: string): void {
  if (done % 20 === 0 || done === total) process.stderr.write(`\r${what}: ${done} of ${total}${done === total ? '\n' : ''}`);
}

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      out: { type: 'string' },
      seed: { type: 'string', default: '1' },
      bench: { type: 'string', default: '800' },
      'clips-per-site': { type: 'string', default: '60' },
      threads: { type: 'string', default: '2' },
    },
  });
  if (values.out === undefined) throw new Error('Where to? Give --out DIRECTORY');
  const seed = Number(values.seed);
  await writeBench(path.join(values.out, 'bench'), { seed, count: Number(values.bench), onProgress: printProgress });
  await writeStreet(path.join(values.out, 'street'), {
    seed,
    clipsPerSite: Number(values['clips-per-site']),
    threads: Number(values.threads),
    onProgress: printProgress,
  });
}

if (import.meta.main) await main();
