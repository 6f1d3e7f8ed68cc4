import type { Place, Problem } from '#kernel';
import type { Classes } from './classes.ts';
import type { Checked, DeclaredSample } from './declared.ts';

/** What a file of a picture is called. */
export const pictureFile = /\.(jpe?g|png|webp|bmp|gif|tiff?|avif|pgm|ppm|pnm)$/i;

/** A folder's children, without what operating systems leave there. */
export type FolderListing = { folder: string; folders: readonly string[]; files: readonly string[] };

/** Samples from `<class name>/<picture>`; files beside the class folders are not samples. */
export function readFolderSamples(
  listings: readonly FolderListing[],
  classes: Classes,
  at: Place,
): Checked<readonly DeclaredSample[]> {
  const samples: DeclaredSample[] = [];
  const problems: Problem[] = [];
  for (const { folder, folders, files } of listings) {
    const found = classes.find(folder);
    if ('fault' in found) {
      problems.push({ ...at, message: `folder ${JSON.stringify(folder)}: ${found.fault}`, remedy: found.remedy });
      continue;
    }
    const strangers = [...folders, ...files.filter((file) => !pictureFile.test(file))];
    for (const stranger of strangers) {
      problems.push({ ...at, message: `${folder}/${stranger} is not a picture`, remedy: 'keep only pictures in a class folder' });
    }
    const pictures = files.filter((file) => pictureFile.test(file));
    for (const file of pictures) samples.push({ file: `${folder}/${file}`, truth: found.index, slices: {}, at });
  }
  if (samples.length === 0 && problems.length === 0) {
    problems.push({ ...at, message: 'no class folder holds a picture', remedy: 'put pictures into <root>/<class name>/' });
  }
  return { value: samples, problems };
}
