/**
 * Decodes a written data set into what a model is fed, for evaluate.py: `bench.rgb`, `bench.labels`, `street.rgb` and
 * `street.json` (the lines of clips.jsonl with the number of frames of each).
 *
 *     node export-dataset.ts --data DIR --out DIR
 */
import { createWriteStream } from 'node:fs';
import { mkdir, readFile, readdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { parseArgs } from 'node:util';

import { LABELS } from '../scenes/actors.ts';
import type { ClipLine } from '../scenes/street.ts';
import { decodeClip, shrinkEncoded, shrinkRaw } from './frames.ts';

async function exportBench(data: string, out: string): Promise<void> {
  const pictures: Uint8Array[] = [];
  const labels: number[] = [];
  for (const [label, name] of LABELS.entries()) {
    const folder = path.join(data, 'bench', name);
    for (const file of (await readdir(folder)).toSorted()) {
      pictures.push(await shrinkEncoded(path.join(folder, file)));
      labels.push(label);
    }
  }
  await writeFile(path.join(out, 'bench.rgb'), Buffer.concat(pictures));
  await writeFile(path.join(out, 'bench.labels'), Uint8Array.from(labels));
}

async function exportStreet(data: string, out: string): Promise<void> {
  const index = await readFile(path.join(data, 'street', 'clips.jsonl'), 'utf8');
  const lines = index
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as ClipLine);
  const sink = createWriteStream(path.join(out, 'street.rgb'));
  const clips: (ClipLine & { frames: number })[] = [];
  for (const line of lines) {
    const frames = await decodeClip(path.join(data, 'street', line.file));
    for (const frame of frames) sink.write(await shrinkRaw(frame));
    clips.push({ ...line, frames: frames.length });
  }
  await new Promise((resolve) => sink.end(resolve));
  await writeFile(path.join(out, 'street.json'), JSON.stringify(clips));
}

const { values } = parseArgs({
  options: { data: { type: 'string', default: 'data' }, out: { type: 'string', default: 'decoded' } },
});
await mkdir(values.out, { recursive: true });
await exportBench(values.data, values.out);
await exportStreet(values.data, values.out);
