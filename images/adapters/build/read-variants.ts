import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { BuiltImage } from '../../image.ts';
import { MODEL_FILE } from '../../model-folder.ts';
import { variantsOfModel } from '../../model-variants.ts';

/** The weight variants that an image offers; a container image has one way to be served. */
export async function readVariants({ folder }: BuiltImage): Promise<readonly string[]> {
  if (folder === null) return ['default'];
  return variantsOfModel(await readFile(join(folder, MODEL_FILE), 'utf8'), MODEL_FILE);
}
