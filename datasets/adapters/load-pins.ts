import { CouldNotRun, problemAt, type Parsed } from '#kernel';
import { readPins, type Pins } from '../pins.ts';
import type { ManifestRef } from '../sample-source.ts';

type Pinned = { ref: Pick<ManifestRef, 'path' | 'readFile'>; manifest: Parsed<unknown>; pinsFile: string };

/** @throws CouldNotRun when the pins file is not there, or wrong */
export async function loadPins({ ref, manifest, pinsFile }: Pinned): Promise<Pins> {
  const text = await ref.readFile(pinsFile);
  if (text === undefined) {
    const remedy = `review the data, then run: fieldproof pin ${ref.path}`;
    throw new CouldNotRun(problemAt(manifest.source, ['pins'], `${pinsFile} is not there`, remedy));
  }
  const pins = readPins(text, pinsFile);
  if (pins.problems.length > 0) throw new CouldNotRun(pins.problems);
  return pins.value;
}
