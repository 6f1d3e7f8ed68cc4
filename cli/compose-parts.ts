import { tmpdir } from 'node:os';
import { resolve } from 'node:path';
import type { Problem } from '#kernel';
import { ModelImageBuilder, sendImage } from '#images/adapters';
import type { BuiltImage } from '#images';
import {
  artifactFolder,
  freshImageStore,
  readImageBundle,
  readToldProblems,
  receivedImages,
  reviewedImages,
} from '#pipelines/check/adapters';
import type { Artifact, CheckPorts } from '#pipelines/check';
import { composeCheck, type ComposeOptions } from './compose-check.ts';
import type { TerminalProgress } from './progress.ts';
import type { Terminal } from './terminal.ts';

/** Ports of a check that is spread over machines: images are received by digest, and documents travel in folders. */

type Ports = CheckPorts & { progress: TerminalProgress };

/** For a machine that measures. It is told what stands today, and needs neither the fleet nor the ledger. */
export async function composePart(options: ComposeOptions & { images: string }, terminal: Terminal): Promise<Ports> {
  const ports = await composeCheck(options, terminal);
  const folder = resolve(terminal.cwd, options.images);
  const bundle = await readImageBundle(folder);
  const received = { bundle, folder, store: await freshImageStore(tmpdir()) };
  const images = receivedImages(received, ports.images.runtime);
  return { ...ports, images: { ...ports.images, ...images }, deployedStates: bundle.deployed };
}

/** For whoever judges. What stands today is read anew: what was bundle past a stranger's container may be a lie. */
export async function composeJoin(options: ComposeOptions & { images: string }, terminal: Terminal): Promise<Ports> {
  const ports = await composeCheck(options, terminal);
  const folder = resolve(terminal.cwd, options.images);
  const store = await freshImageStore(tmpdir());
  const received = { bundle: await readImageBundle(folder), folder, store };
  const images = reviewedImages(received, new ModelImageBuilder({ store }), ports.images.runtime);
  return { ...ports, images: { ...ports.images, ...images } };
}

export function composeCarrier(out: string, { cwd }: Terminal): (image: BuiltImage) => Promise<void> {
  return async (image) => await sendImage(image, resolve(cwd, out));
}

export async function readParts(folders: readonly string[], { cwd }: Terminal): Promise<Artifact[]> {
  const read = await Promise.all(folders.map(async (folder) => await artifactFolder.read(resolve(cwd, folder))));
  return read.flat();
}

/** What kept the jobs before this one from running. */
export async function readTold(folders: readonly string[], { cwd }: Terminal): Promise<Problem[]> {
  const read = await Promise.all(folders.map(async (folder) => await readToldProblems(resolve(cwd, folder))));
  return read.flat();
}

export async function writePart(folder: string, text: string, { cwd }: Terminal): Promise<string> {
  return await artifactFolder.write(resolve(cwd, folder), text);
}
