import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import Docker from 'dockerode';
import { execa } from 'execa';
import { onTestFinished } from 'vitest';
import type { BuiltImage } from '../image.ts';
import type { BuildRequest } from '../image-builder.ts';

/** A folder that goes when the test that asked for it ends. */
export async function temporaryFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'fieldproof-images-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  return folder;
}

export async function writeFiles(folder: string, files: Readonly<Record<string, string | Uint8Array>>): Promise<string> {
  for (const [path, content] of Object.entries(files)) {
    await mkdir(join(folder, dirname(path)), { recursive: true });
    await writeFile(join(folder, path), content);
  }
  return folder;
}

export const TINY_MODEL = {
  'model.yaml': 'weights: { default: tiny.onnx, int8: small/tiny.onnx }\nlabels: names.txt\n',
  'names.txt': 'cat\ndog\n',
  'tiny.onnx': new Uint8Array(1000).fill(8),
  'small/tiny.onnx': new Uint8Array(250).fill(8),
};

export function requestFor(folder: string, more: Partial<BuildRequest> = {}): BuildRequest {
  return { folder, displayPath: 'models/tiny', platform: 'linux/amd64', annotations: {}, ...more };
}

/** Whether an engine answers here; tests that need one say so in their name and are skipped without it. */
export async function engineAnswers(): Promise<boolean> {
  return await new Docker().ping().then(
    () => true,
    () => false,
  );
}

/** Has the engine load the folder of a layout, as a tar that knows nothing of it. Gives what the engine says. */
export async function loadIntoEngine(image: BuiltImage): Promise<string> {
  const { stdout } = await execa('sh', ['-c', 'tar cf - -C "$0" . | docker load', image.layout]);
  return stdout;
}
