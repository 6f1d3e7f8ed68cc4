/**
 * What pinning costs where nothing has to be decoded, beside sha256sum on the same files, the two taking turns; and once, what it
 * costs to decode them all. `node bench/pin.ts [--files 20000] [--rounds 5]`
 */
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import sharp from 'sharp';
import { pinDataset } from '#datasets/adapters';

const { values } = parseArgs({
  options: { files: { type: 'string', default: '20000' }, rounds: { type: 'string', default: '5' } },
});
const [files, rounds] = [Number(values.files), Number(values.rounds)];
const folder = mkdtempSync(path.join(tmpdir(), 'fieldproof-pin-'));
const program = path.join(import.meta.dirname, '..', 'bin', 'fieldproof');

const noise = { type: 'gaussian', mean: 128, sigma: 30 } as const;
const jpeg = await sharp({ create: { width: 160, height: 120, channels: 3, background: 'grey', noise } })
  .jpeg()
  .toBuffer();
const names = Array.from({ length: files }, (_, index) => `${index % 100}/${index}.jpg`);
for (let index = 0; index < 100; index += 1) mkdirSync(path.join(folder, 'data', String(index)), { recursive: true });
// Bytes behind its end make each file another one, and no other picture.
for (const [index, name] of names.entries())
  writeFileSync(path.join(folder, 'data', name), Buffer.concat([jpeg, Buffer.from(`${index}`)]));
writeFileSync(path.join(folder, 'truth.csv'), `file,class\n${names.map((name) => `${name},a\n`).join('')}`);
writeFileSync(path.join(folder, 'names'), names.join('\0'));
writeFileSync(
  path.join(folder, 'bench.yaml'),
  'version: 1\nkind: research\ntask: classification\nclasses: [a]\nroot: data\nsamples: { csv: truth.csv }\npins: bench.sha256\n',
);

const timed = async (work: () => unknown): Promise<number> => {
  const since = performance.now();
  await work();
  return performance.now() - since;
};
const sha256sum = () =>
  execFileSync('xargs', ['-0', '-a', '../names', 'sha256sum'], { cwd: path.join(folder, 'data'), maxBuffer: 2 ** 30 });
const command = () => execFileSync(program, ['pin', 'bench.yaml'], { cwd: folder, stdio: 'pipe' });

console.log(`${files} files of ${jpeg.length} bytes`);
const first = await timed(() => pinDataset('bench.yaml', folder));
console.log(`decoding all of them: ${(first / 1000).toFixed(1)} s, ${Math.round((files / first) * 1000)} a second`);
const taken: Record<string, number[]> = { sha256sum: [], pinDataset: [], 'fieldproof pin': [] };
for (let round = 0; round < rounds; round += 1) {
  taken['sha256sum']?.push(await timed(sha256sum));
  taken['pinDataset']?.push(await timed(() => pinDataset('bench.yaml', folder)));
  taken['fieldproof pin']?.push(await timed(command));
}
const median = (list: readonly number[]) => list.toSorted((a, b) => a - b)[Math.floor(list.length / 2)] ?? Number.NaN;
const base = median(taken['sha256sum'] ?? []);
for (const [name, times] of Object.entries(taken)) {
  console.log(
    `${name.padEnd(15)} median ${median(times).toFixed(0).padStart(6)} ms  ${(median(times) / base).toFixed(2)} x sha256sum`,
  );
}
rmSync(folder, { recursive: true });
