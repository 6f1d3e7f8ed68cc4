import type { Place, Problem } from '#kernel';
import type { Checked } from '../declared.ts';
import { pictureFile, type FolderListing } from '../folder-samples.ts';
import { isJunk } from '../junk.ts';
import type { DeclaredFace } from './declared-pairs.ts';

/** Pictures of known identities from `<identity>/<picture>`; files beside the folders are passed over. */
export function readIdentityFolders(listings: readonly FolderListing[], at: Place): Checked<readonly DeclaredFace[]> {
  const faces: DeclaredFace[] = [];
  const problems: Problem[] = [];
  for (const { folder, folders, files } of listings) {
    for (const name of [...folders, ...files.filter((file) => !pictureFile.test(file))].filter((one) => !isJunk(one))) {
      problems.push({
        ...at,
        message: `${folder}/${name} is not a picture`,
        remedy: 'keep only pictures in a folder of an identity',
      });
    }
    const pictures = files.filter((file) => pictureFile.test(file)).toSorted();
    faces.push(...pictures.map((name) => ({ file: `${folder}/${name}`, identity: folder, at })));
  }
  if (faces.length === 0 && problems.length === 0) {
    problems.push({ ...at, message: 'no folder holds a picture', remedy: 'put pictures into <root>/<identity>/' });
  }
  return { value: faces, problems };
}
