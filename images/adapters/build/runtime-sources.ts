import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import type { LayerEntry } from '../../layer.ts';
import { planSourceLayer, planStageLayer, runtimeManifest, type PartFile } from '../../runtime-image.ts';

const packageSchema = z.looseObject({ version: z.string(), imports: z.record(z.string(), z.unknown()) });

/** The rooms that the runtime is made of. */
const ROOMS = ['kernel', 'runtime'];
const NOT_RUN = /\.(test|contract|fixture|bench)\.ts$/;

/** Our own part of the stock runtime, as it lies in the folder of Fieldproof. */
export function readRuntimeSources(root: string): { version: string; layer: LayerEntry[] } {
  const { version, imports } = packageSchema.parse(JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')));
  return { version, layer: planSourceLayer(runtimeSources(root), runtimeManifest(version, imports)) };
}

/** The program of a deployed stage, as `make stage` bundled it, and the licences of what is in it. */
export function readStageProgram(root: string): LayerEntry[] {
  const fileAt = (name: string) => {
    const source = join(root, 'images', 'dist', name);
    return { source, size: statSync(source).size };
  };
  return planStageLayer(fileAt('stage.js'), fileAt('LICENSES.txt'));
}

/** TypeScript that runs; whatever else lies there (tests, an editor's copies) is no part of it. */
export function runtimeSources(root: string): PartFile[] {
  return ROOMS.flatMap((room) => walk(root, room))
    .filter((path) => path.endsWith('.ts') && !NOT_RUN.test(path))
    .map((path) => {
      const source = join(root, path);
      return { path: `app/${path}`, source, size: statSync(source).size };
    });
}

/** Plain files below a folder. Synchronous: many small calls are faster so. */
function walk(root: string, folder: string): string[] {
  return readdirSync(join(root, folder), { withFileTypes: true }).flatMap((entry) => {
    const path = `${folder}/${entry.name}`;
    if (entry.name.startsWith('.')) return [];
    return entry.isDirectory() ? walk(root, path) : entry.isFile() ? [path] : [];
  });
}
