import { posix } from 'node:path';
import { checkValue, CouldNotRun } from '#kernel';
import { z } from 'zod';
import { LAYER_TYPE } from './manifest.ts';

const archiveSchema = z.tuple([z.looseObject({ Config: z.string(), Layers: z.array(z.string()).min(1) })]);

/**
 * The names of the config and the layers in what `docker save` wrote for one image.
 * @throws CouldNotRun when it is not such an archive
 */
export function readArchiveIndex(text: string): { config: string; layers: readonly string[] } {
  const { success, data } = checkValue(archiveSchema, jsonOf(text));
  if (success) return { config: data[0].Config, layers: data[0].Layers };
  throw unreadableArchive('its manifest.json does not describe one image');
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

export function unreadableArchive(reason: string): CouldNotRun {
  return new CouldNotRun({
    file: 'docker save',
    message: `the engine exported an image that can't be read: ${reason}`,
    remedy: 'try again, and if it stays so, tell us the version of the engine (docker version)',
  });
}

/** Where an entry's link leads within its archive: engines before 25 store a repeated layer as a link to the first. */
export function linkTarget(path: string, target: string): string {
  return posix.join(posix.dirname(path), target);
}

/** The media type of a layer, by how it begins: engines hand on layers compressed as they were pulled. */
export function layerType(start: Uint8Array): string {
  if (start[0] === 0x1f && start[1] === 0x8b) return `${LAYER_TYPE}+gzip`;
  if (start[0] === 0x28 && start[1] === 0xb5 && start[2] === 0x2f && start[3] === 0xfd) return `${LAYER_TYPE}+zstd`;
  return LAYER_TYPE;
}
