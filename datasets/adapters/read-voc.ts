import type { Problem } from '#kernel';
import { checkPaths } from '../check-files.ts';
import type { Checked } from '../declared.ts';
import type { DeclaredBoxes, DeclaredPicture } from '../formats/declared-boxes.ts';
import { readPascalVoc } from '../formats/pascal-voc.ts';
import { severalAtOnce } from '../several-at-once.ts';
import type { BoxesSource } from '../truth-schemas.ts';
import { listPictures } from './list-pictures.ts';
import { joined, noFolder } from './data-paths.ts';
import type { Gathering, OpenManifest } from './manifest-texts.ts';

type Voc = Extract<BoxesSource, { voc: string }>;

/** Files that are read at the same time. */
const AT_ONCE = 16;

/**
 * A folder of Pascal VOC's XML. The picture of a file is the one of its own name, as in the challenge; where there is none, the
 * one that it names.
 */
export async function readVocFolder(open: OpenManifest, truth: Voc, gathering: Gathering): Promise<Checked<DeclaredBoxes>> {
  const nothing = { labels: [], pictures: [] };
  const folder = joined(truth.voc, '');
  const children = await open.folder.list(folder);
  if (children === undefined) return { value: nothing, problems: [noFolder(open, folder, ['truth', 'voc'])] };
  const named = [...((await listPictures(open.folder, joined(truth.pictures ?? '', ''))) ?? [])];
  const byStem = new Map(named.map((name) => [name.replace(/\.[^.]+$/, ''), name]));
  const { stems, problems: setProblems } = await stemsOf(truth, [...children.keys()], gathering);
  const files = stems.map((stem) => ({ path: joined(folder, `${stem}.xml`), at: { file: open.manifest.source.file } }));
  const problems: Problem[] = [...setProblems, ...checkPaths(files)];
  if (problems.length > 0) return { value: nothing, problems };
  const pictures = await severalAtOnce(stems, AT_ONCE, async (stem): Promise<DeclaredPicture | null> => {
    const path = joined(folder, `${stem}.xml`);
    if ((await open.folder.kindOf(path)) !== 'file') {
      problems.push({ file: open.display(path), message: 'is not there', remedy: 'restore it, or take its name out of the set' });
      return null;
    }
    const { text, display } = await gathering.data(path);
    const { value, problems: found } = readPascalVoc(text, display, { firstPixel: truth['first-pixel'] === 1 ? 'one' : 'zero' });
    problems.push(...found);
    return value === null ? null : { ...value, file: byStem.get(stem) ?? value.file };
  });
  const found = pictures.filter((picture) => picture !== null);
  const labels = [...new Set(found.flatMap(({ boxes }) => boxes.map(({ label }) => label)))].toSorted();
  return { value: { labels, pictures: found }, problems };
}

/** The names without endings of the XML files to read: those of the set, in its order, or all that there are. */
async function stemsOf(
  { set }: Voc,
  children: readonly string[],
  gathering: Gathering,
): Promise<{ stems: readonly string[]; problems: readonly Problem[] }> {
  if (set === undefined) {
    const stems = children.filter((name) => /\.xml$/i.test(name) && !name.startsWith('.')).map((name) => name.slice(0, -4));
    return { stems: stems.toSorted(), problems: [] };
  }
  const { text, display } = await gathering.named(set, ['truth', 'set']);
  // Sets of one class have a second column: 1, 0 or -1.
  const stems = text
    .split(/\r?\n/)
    .flatMap((line) => line.trim().split(/\s+/).slice(0, 1))
    .filter((stem) => stem !== '');
  const problems = stems.length > 0 ? [] : [{ file: display, message: 'names no picture', remedy: 'write one name a line' }];
  return { stems: [...new Set(stems)], problems };
}
