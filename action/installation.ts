import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { createReadStream, createWriteStream, existsSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { createZstdCompress, createZstdDecompress } from 'node:zlib';

/**
 * The packages that one job of a check has installed, for the jobs that follow: packed in a file of some 90 MB instead of
 * installed anew by each (335 packages, 700 MB). It travels as an artifact, which any job of the run could overwrite, so whoever unpacks it
 * was told its digest by the job that made it, by way of that job's outputs, which no other job can write.
 */
type Home = { home: string; folder: string };

/** What no job here reads: declarations, maps, and the libraries of other systems. */
const LEFT_OUT = [
  '*.d.ts',
  '*.d.mts',
  '*.d.cts',
  '*.map',
  'onnxruntime-node/bin/napi-v6/darwin',
  'onnxruntime-node/bin/napi-v6/win32',
  `onnxruntime-node/bin/napi-v6/linux/${process.arch === 'arm64' ? 'x64' : 'arm64'}`,
];

/** Returns the digest of what was packed: 64 hex digits. */
export async function packInstallation({ home, folder }: Home): Promise<string> {
  mkdirSync(folder, { recursive: true });
  const file = fileIn(folder);
  const tar = spawn('tar', ['-cf', '-', ...LEFT_OUT.map((name) => `--exclude=${name}`), 'node_modules'], { cwd: home });
  await Promise.all([pipeline(tar.stdout, createZstdCompress(), createWriteStream(file)), ended(tar, 'tar -c')]);
  return await digestOfFile(file);
}

/** False where there is nothing to unpack for a machine of this kind. @throws where it is not what was packed */
export async function unpackInstallation({ home, folder }: Home, digest: string): Promise<boolean> {
  const file = fileIn(folder);
  if (digest === '' || !existsSync(file)) return false;
  const found = await digestOfFile(file);
  if (found !== digest) throw new Error(`${file} is not what the first job of this run packed: sha256 ${found}, not ${digest}`);
  const tar = spawn('tar', ['-xf', '-'], { cwd: home });
  const given = pipeline(createReadStream(file), createZstdDecompress(), tar.stdin).catch(unlessEnoughWasRead);
  await Promise.all([given, ended(tar, 'tar -x')]);
  return true;
}

/** tar goes when it has seen the end of the archive, and need not wait for ours: whether it had all of it, its exit code says. */
function unlessEnoughWasRead(thrown: unknown): void {
  const code = thrown instanceof Error && 'code' in thrown ? thrown.code : '';
  if (code !== 'ERR_STREAM_PREMATURE_CLOSE' && code !== 'EPIPE') throw thrown;
}

/** Packages hold libraries for one system. */
function fileIn(folder: string): string {
  return join(folder, `packages-${process.platform}-${process.arch}.tar.zst`);
}

async function digestOfFile(file: string): Promise<string> {
  const hash = createHash('sha256');
  await pipeline(createReadStream(file, { highWaterMark: 1 << 20 }), hash);
  return hash.digest('hex');
}

async function ended(child: ReturnType<typeof spawn>, what: string): Promise<void> {
  const code = await new Promise<number | null>((resolve, reject) => child.once('error', reject).once('close', resolve));
  if (code !== 0) throw new Error(`${what} ended with ${code}`);
}
