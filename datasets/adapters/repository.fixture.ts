import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import sharp from 'sharp';
import { CouldNotRun, digestOf, hexOf } from '#kernel';
import type { ManifestRef } from '../sample-source.ts';
import { writeClip, type ClipOptions } from '../../testing/make-clip.ts';

/** A folder with `repository/` and `data/`, as a user would have them side by side. */
export type Workplace = {
  folder: string;
  /** Writes files, by their path below the folder. */
  write(files: Readonly<Record<string, string | Uint8Array>>): Promise<void>;
  ref(path: string): ManifestRef;
  path(...parts: string[]): string;
  remove(): Promise<void>;
};

export async function makeWorkplace(): Promise<Workplace> {
  const folder = await mkdtemp(join(tmpdir(), 'fieldproof-datasets-'));
  await mkdir(join(folder, 'repository'));
  await mkdir(join(folder, 'data'));
  const path = (...parts: string[]) => join(folder, ...parts);
  const write = async (files: Readonly<Record<string, string | Uint8Array>>) => {
    for (const [name, content] of Object.entries(files)) {
      await mkdir(dirname(path(name)), { recursive: true });
      await writeFile(path(name), content);
    }
  };
  const workingTree = path('repository');
  const read = (name: string) => readFile(join(workingTree, name), 'utf8').catch(() => undefined);
  const ref = (manifest: string): ManifestRef => ({
    name: 'bench',
    path: manifest,
    readFile: read,
    data: { kind: 'disk', workingTree },
  });
  return { folder, write, ref, path, remove: () => rm(folder, { recursive: true, force: true }) };
}

/** Lines as sha256sum writes them. */
export function pinLines(files: Readonly<Record<string, string | Uint8Array>>): string {
  return Object.entries(files)
    .map(([path, content]) => `${hexOf(digestOf(content))}  ${path}\n`)
    .join('');
}

export async function jpegOf(red: number, green: number, blue: number): Promise<Uint8Array> {
  const background = { r: red, g: green, b: blue };
  return sharp({ create: { width: 16, height: 8, channels: 3, background } })
    .jpeg()
    .toBuffer();
}

/** A grey clip that brightens with time. */
export function writeGreyClip(path: string, options: Partial<ClipOptions> = {}): void {
  writeClip(path, { width: 32, height: 16, framesPerSecond: 10, seconds: 2, draw: brighten, ...options });
}

function brighten(pixels: Uint8Array, index: number): void {
  pixels.fill(20 + index * 4);
}

/** The messages of what was refused, one line per problem with its place in front; remedies left out. */
export async function problemsOf(work: Promise<unknown>): Promise<readonly string[]> {
  try {
    await work;
  } catch (thrown) {
    if (!(thrown instanceof CouldNotRun)) throw thrown;
    return thrown.problems.map(
      ({ file, line, message }) => `${[file, line].filter((part) => part !== undefined).join(':')}: ${message}`,
    );
  }
  throw new Error('nothing was refused');
}
