import { posix } from 'node:path';
import { CouldNotRun, problemAt, reasonOf, type Problem } from '#kernel';
import type { Labelled } from '../assemble-pictures.ts';
import type { UsedFile } from '../check-files.ts';
import type { BoxTruth } from '../dataset.ts';
import type { DeclaredPicture } from '../formats/declared-boxes.ts';
import type { DetectionManifest } from '../manifest.ts';
import { classesOfTruth, labelProblems, resolveBoxes } from '../resolve-boxes.ts';
import { severalAtOnce } from '../several-at-once.ts';
import { gatherClasses } from './gather-classes.ts';
import type { Found, Size } from './gathered.ts';
import type { Gathering, OpenManifest } from './manifest-texts.ts';
import { pictureSize } from './picture-size.ts';
import { readBoxes } from './read-boxes.ts';

/** Headers that are read at the same time. */
const AT_ONCE = 16;

export async function gatherBoxes(open: OpenManifest, manifest: DetectionManifest, gathering: Gathering): Promise<Found> {
  const { source } = open.manifest;
  const { value: declared, problems } = await readBoxes(open, manifest.truth, gathering);
  const leftOut = manifest['leave-out'] ?? [];
  const written = manifest.classes;
  const classes =
    written === undefined ? classesOfTruth(declared.labels, leftOut) : await gatherClasses(written, open, gathering);
  const faults: Problem[] = [
    ...labelProblems(declared.pictures, classes, leftOut, (message, remedy) =>
      problemAt(source, [written === undefined ? 'truth' : 'classes'], message, remedy),
    ),
  ];
  if (declared.pictures.length === 0 && problems.length === 0) {
    faults.push(problemAt(source, ['truth'], 'holds no pictures', 'name the file or folder that lists them'));
  }
  const sizes = await measure(open, declared.pictures);
  const byFolder = (manifest.cluster ?? ('mot' in manifest.truth ? 'folder' : 'picture')) === 'folder';
  const pictures = declared.pictures.map((picture): Labelled<BoxTruth> => {
    const size = sizes.found.get(picture.file) ?? { width: 1, height: 1 };
    const folder = posix.dirname(picture.file);
    const sequence = 'mot' in manifest.truth ? { sequence: folder } : {};
    const boxes = resolveBoxes(picture, size, classes, leftOut);
    return { file: picture.file, truth: { boxes, cluster: byFolder ? folder : null, ...sequence }, slices: {} };
  });
  const used = declared.pictures.map(({ file, at }): UsedFile => ({ path: file, at }));
  const said = new Map(declared.pictures.flatMap(({ file, size }) => (size === null ? [] : [[file, size] as const])));
  const content = { task: 'detection', classes, pictures, sizes: said } as const;
  return { content, used, problems: [...problems, ...faults, ...sizes.problems] };
}

/** The sizes of the pictures whose boxes are shares: from their headers, where the truth does not say them. */
async function measure(
  open: OpenManifest,
  pictures: readonly DeclaredPicture[],
): Promise<{ found: ReadonlyMap<string, Size>; problems: readonly Problem[] }> {
  const found = new Map<string, Size>();
  const problems: Problem[] = [];
  const unknown = pictures.filter(({ unit, boxes }) => unit === 'shares' && boxes.length > 0);
  await severalAtOnce(unknown, AT_ONCE, async ({ file, size }) => {
    if (size !== null) return void found.set(file, size);
    // What is not there, or leads out of the root, is named with all other files.
    if ((await open.folder.kindOf(file)) !== 'file') return;
    try {
      found.set(file, await pictureSize(open.folder.locate(file)));
    } catch (thrown) {
      const message = `its size cannot be read: ${thrown instanceof CouldNotRun ? thrown.message : reasonOf(thrown)}`;
      problems.push({ file: open.display(file), message, remedy: 'restore the picture, or save it anew' });
    }
  });
  return { found, problems };
}
