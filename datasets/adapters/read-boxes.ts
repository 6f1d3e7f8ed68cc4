import { CouldNotRun } from '#kernel';
import type { Checked } from '../declared.ts';
import { readCoco } from '../formats/coco.ts';
import { readCvat } from '../formats/cvat.ts';
import type { DeclaredBoxes } from '../formats/declared-boxes.ts';
import { readLabelStudio } from '../formats/label-studio.ts';
import { readClassDescriptions, readOpenImages } from '../formats/open-images.ts';
import type { BoxesSource } from '../truth-schemas.ts';
import { joined, plain } from './data-paths.ts';
import type { Gathering, OpenManifest } from './manifest-texts.ts';
import { readMotSequences } from './read-mot.ts';
import { readVocFolder } from './read-voc.ts';
import { readYolo } from './read-yolo.ts';

/** The boxes of a truth, whatever format it is in; pictures by their paths below the root. */
export async function readBoxes(open: OpenManifest, truth: BoxesSource, gathering: Gathering): Promise<Checked<DeclaredBoxes>> {
  if ('yolo' in truth) return await readYolo(open, truth, gathering);
  if ('mot' in truth) return await readMotSequences(open, truth, gathering);
  const read = 'voc' in truth ? await readVocFolder(open, truth, gathering) : await readOneFile(truth, gathering);
  return below(truth.pictures ?? '', read);
}

type OneFile = Exclude<BoxesSource, { yolo: string } | { mot: string[] } | { voc: string }>;

async function readOneFile(truth: OneFile, gathering: Gathering): Promise<Checked<DeclaredBoxes>> {
  if ('coco' in truth) {
    const { text, display } = await gathering.named(truth.coco, ['truth', 'coco']);
    return readCoco(text, display);
  }
  if ('cvat' in truth) {
    const { text, display } = await gathering.named(truth.cvat, ['truth', 'cvat']);
    return readCvat(text, display);
  }
  if ('label-studio' in truth) {
    const { text, display } = await gathering.named(truth['label-studio'], ['truth', 'label-studio']);
    return readLabelStudio(text, display);
  }
  const { text, display } = await gathering.named(truth['open-images'], ['truth', 'open-images']);
  const names = truth.names === undefined ? null : await gathering.named(truth.names, ['truth', 'names']);
  const described = names === null ? null : readClassDescriptions(names.text, names.display);
  if (described !== null && described.problems.length > 0) throw new CouldNotRun(described.problems);
  return readOpenImages(text, display, described?.value ?? new Map());
}

function below(folder: string, { value, problems }: Checked<DeclaredBoxes>): Checked<DeclaredBoxes> {
  const pictures = value.pictures.map((picture) => ({ ...picture, file: joined(folder, plain(picture.file)) }));
  return { value: { ...value, pictures }, problems };
}
