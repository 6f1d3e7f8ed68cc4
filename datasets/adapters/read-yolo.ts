import { posix } from 'node:path';
import { problemAt, type Problem } from '#kernel';
import { checkPaths } from '../check-files.ts';
import type { Checked } from '../declared.ts';
import type { DeclaredBoxes, DeclaredPicture } from '../formats/declared-boxes.ts';
import { readYoloData, yoloLabelFile } from '../formats/yolo-data.ts';
import { readYoloLabels } from '../formats/yolo-labels.ts';
import { severalAtOnce } from '../several-at-once.ts';
import type { BoxesSource } from '../truth-schemas.ts';
import { findPictures } from './list-pictures.ts';
import { noFolder, plain } from './data-paths.ts';
import type { Gathering, OpenManifest } from './manifest-texts.ts';

type Yolo = Extract<BoxesSource, { yolo: string }>;
type Pictures = { paths: readonly string[]; problems: readonly Problem[] };

/** Files that are read at the same time. */
const AT_ONCE = 16;

/** The pictures of a split of a data.yaml, each with the boxes of its own text; one without a text has no boxes, as in Ultralytics. */
export async function readYolo(open: OpenManifest, truth: Yolo, gathering: Gathering): Promise<Checked<DeclaredBoxes>> {
  const { text, display } = await gathering.named(truth.yolo, ['truth', 'yolo']);
  const data = readYoloData(text, display, truth.split);
  const found = await Promise.all(data.value.places.map((place) => picturesAt(open, place, gathering)));
  const problems = [...data.problems, ...found.flatMap((one) => one.problems)];
  const paths = found.flatMap((one) => one.paths);
  const at = { file: display };
  problems.push(...checkPaths(paths.map((path) => ({ path, at }))));
  if (problems.length > 0) return { value: { labels: data.value.labels, pictures: [] }, problems };
  let labelled = 0;
  const pictures = await severalAtOnce(paths, AT_ONCE, async (file): Promise<DeclaredPicture> => {
    const labels = yoloLabelFile(file);
    const empty = { file, unit: 'shares', size: null, boxes: [], at } as const;
    if ((await open.folder.kindOf(labels)) !== 'file') return empty;
    labelled += 1;
    const read = await gathering.data(labels);
    const boxes = readYoloLabels(read.text, read.display, data.value.labels);
    problems.push(...boxes.problems);
    return { ...empty, boxes: boxes.value, at: { file: read.display } };
  });
  if (labelled === 0) {
    const message = `no picture of split ${JSON.stringify(truth.split)} has labels: there is no ${yoloLabelFile(paths[0] ?? 'images/a.jpg')}`;
    problems.push(
      problemAt(open.manifest.source, ['truth', 'yolo'], message, 'put the folder `labels` beside `images`, below the root'),
    );
  }
  return { value: { labels: data.value.labels, pictures }, problems };
}

/** A folder of pictures, or a text that lists them relative to itself. */
async function picturesAt(open: OpenManifest, place: string, gathering: Gathering): Promise<Pictures> {
  if (!place.endsWith('.txt')) {
    const paths = await findPictures(open.folder, place === '.' ? '' : place);
    return paths === undefined ? { paths: [], problems: [noFolder(open, place, ['truth', 'yolo'])] } : { paths, problems: [] };
  }
  if ((await open.folder.kindOf(place)) !== 'file') return { paths: [], problems: [noFolder(open, place, ['truth', 'yolo'])] };
  const { text } = await gathering.data(place);
  const lines = text
    .split(/\r?\n/)
    .map((line) => line.trim())
    .filter((line) => line !== '');
  return {
    paths: lines.map((line) => (line.startsWith('./') ? posix.join(posix.dirname(place), line) : plain(line))),
    problems: [],
  };
}
