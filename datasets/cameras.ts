import { MOST_PROBLEMS, type Problem } from '#kernel';
import type { Checked } from './declared.ts';
import type { DeclaredItem } from './formats/csv-search.ts';
import type { SearchManifest } from './manifest.ts';

/** Market-1501 writes identity, camera and sequence, frame and box; DukeMTMC-reID and others the camera in the same way. */
const IN_NAME = /_c(\d+)[^/]*$/;

/** The camera of each picture by its file. @returns what tells none, each by its line */
export function camerasOf(
  items: readonly DeclaredItem[],
  told: NonNullable<SearchManifest['camera']>,
): Checked<Readonly<Record<string, string>>> {
  const found = new Map<string, string>();
  const problems: Problem[] = [];
  for (const { file, slices, at } of items) {
    const camera =
      told === 'in-name' ? IN_NAME.exec(file)?.[1] : Object.hasOwn(slices, told.column) ? slices[told.column] : undefined;
    if (camera !== undefined) found.set(file, camera);
    else if (problems.length <= MOST_PROBLEMS) {
      const where = told === 'in-name' ? 'its name' : `column ${JSON.stringify(told.column)}`;
      const remedy =
        told === 'in-name' ? 'name it as 0002_c1s1_000451_03.jpg, or take `camera` away' : 'write it, or take `camera` away';
      problems.push({ ...at, message: `${file}: ${where} tells no camera`, remedy });
    }
  }
  return { value: Object.fromEntries(found), problems };
}
