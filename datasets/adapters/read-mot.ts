import type { Problem } from '#kernel';
import { pathFault } from '../safe-path.ts';
import type { Checked } from '../declared.ts';
import type { DeclaredBoxes, DeclaredPicture } from '../formats/declared-boxes.ts';
import { readMot, readMotSequence } from '../formats/mot.ts';
import type { BoxesSource } from '../truth-schemas.ts';
import { joined, noFolder } from './data-paths.ts';
import type { Gathering, OpenManifest } from './manifest-texts.ts';

/** The frames of MOT sequences. */
export async function readMotSequences(
  open: OpenManifest,
  { mot }: Extract<BoxesSource, { mot: string[] }>,
  gathering: Gathering,
): Promise<Checked<DeclaredBoxes>> {
  const labels = new Set<string>();
  const pictures: DeclaredPicture[] = [];
  const problems: Problem[] = [];
  for (const [index, folder] of mot.entries()) {
    const paths = { info: joined(folder, 'seqinfo.ini'), truth: joined(folder, 'gt/gt.txt') };
    const kinds = await Promise.all([paths.info, paths.truth].map((path) => open.folder.kindOf(path)));
    if (pathFault(folder) !== undefined || kinds.some((kind) => kind !== 'file')) {
      const problem = noFolder(open, folder, ['truth', 'mot', index]);
      problems.push({ ...problem, message: `there is no MOT sequence in ${open.display(folder)}: seqinfo.ini and gt/gt.txt` });
      continue;
    }
    const info = await gathering.data(paths.info);
    const sequence = readMotSequence(info.text, info.display);
    problems.push(...sequence.problems);
    if (sequence.value === null) continue;
    const truth = await gathering.data(paths.truth);
    const read = readMot(truth.text, truth.display, sequence.value);
    problems.push(...read.problems);
    for (const label of read.value.labels) labels.add(label);
    for (const picture of read.value.pictures) pictures.push({ ...picture, file: joined(folder, picture.file) });
  }
  return { value: { labels: [...labels], pictures }, problems };
}
