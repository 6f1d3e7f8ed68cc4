import { createReadStream } from 'node:fs';
import { readdir, stat } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { text } from 'node:stream/consumers';
import { pipeline } from 'node:stream/promises';
import type Docker from 'dockerode';
import { pack, type Pack } from 'tar-stream';
import { CouldNotRun, reasonOf } from '#kernel';
import type { ImageOnDisk } from '../model-runner.ts';
import { printable } from './log-tail.ts';

/** An image as the engine knows it, who it wants to be, and where it wants volumes. */
export type EngineImage = { id: string; user: string; volumes: readonly string[] };

/**
 * Brings exactly these bytes into the engine.
 * @throws CouldNotRun when the layout can't be loaded, or the engine makes another image of it
 */
export async function loadImage(docker: Docker, image: ImageOnDisk): Promise<EngineImage> {
  const known = await findImage(docker, image);
  if (known !== undefined) return known;
  const said = await load(docker, image.layout).catch((cause: unknown) => reasonOf(cause));
  const loaded = await findImage(docker, image);
  if (loaded !== undefined) return loaded;
  throw new CouldNotRun({
    file: image.layout,
    message: `the engine did not take this image as ${image.config}: ${printable(said.trim(), 500) || 'it said nothing'}`,
    remedy: 'build the image again: its layout is not what it was when it was written',
  });
}

/** An engine names an image by the digest of its config, or (with containerd's image store) of its manifest. */
async function findImage(docker: Docker, { config, manifest }: ImageOnDisk): Promise<EngineImage | undefined> {
  for (const digest of [config, manifest]) {
    try {
      const { Id, Config } = await docker.getImage(digest).inspect();
      if (Id === digest) return { id: Id, user: Config.User, volumes: Object.keys(Config.Volumes ?? {}) };
    } catch (error) {
      if ((error as { statusCode?: number }).statusCode !== 404) throw error;
    }
  }
  return undefined;
}

async function load(docker: Docker, layout: string): Promise<string> {
  const archive = pack();
  const filling = fill(archive, layout);
  const loading = docker.loadImage(archive as unknown as NodeJS.ReadableStream, { quiet: true });
  // A file that can't be read must not leave the engine waiting for the rest.
  await Promise.all([filling, loading]).finally(() => archive.destroy());
  return await text(await loading);
}

async function fill(archive: Pack, layout: string): Promise<void> {
  const entries = await readdir(layout, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  for (const file of files.toSorted()) {
    const { size } = await stat(file);
    await pipeline(createReadStream(file), archive.entry({ name: relative(layout, file), size }));
  }
  archive.finalize();
}
