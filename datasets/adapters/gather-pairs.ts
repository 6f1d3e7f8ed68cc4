import { problemAt, type Problem } from '#kernel';
import type { UsedFile } from '../check-files.ts';
import type { Checked } from '../declared.ts';
import { readCsvPairs } from '../formats/csv-pairs.ts';
import type { DeclaredPairs } from '../formats/declared-pairs.ts';
import { drawPairs } from '../formats/draw-pairs.ts';
import { readIdentityFolders } from '../formats/identity-folders.ts';
import { readLfwPairs } from '../formats/lfw-pairs.ts';
import type { VerificationManifest } from '../manifest.ts';
import type { Found } from './gathered.ts';
import { listSubfolders } from './list-pictures.ts';
import { joined } from './data-paths.ts';
import type { Gathering, OpenManifest } from './manifest-texts.ts';

export async function gatherPairs(open: OpenManifest, manifest: VerificationManifest, gathering: Gathering): Promise<Found> {
  const { truth } = manifest;
  const { value, problems } = await readPairs(open, truth, gathering);
  const folder = 'identities' in truth ? truth.identities : (truth.pictures ?? '');
  const pictures = value.pictures.map(({ file, identity }) => ({ file: joined(folder, file), truth: identity, slices: {} }));
  const pairs = value.pairs.map(({ a, b, same, fold }) => ({ a: joined(folder, a), b: joined(folder, b), same, fold }));
  const used = value.pictures.map(({ file, at }): UsedFile => ({ path: joined(folder, file), at }));
  const all = problems.length > 0 ? problems : oneSided(pairs, open);
  return { content: { task: 'verification', pictures, pairs }, used, problems: all };
}

async function readPairs(
  open: OpenManifest,
  truth: VerificationManifest['truth'],
  gathering: Gathering,
): Promise<Checked<DeclaredPairs>> {
  if ('lfw' in truth) {
    const { text, display } = await gathering.named(truth.lfw, ['truth', 'lfw']);
    return readLfwPairs(text, display);
  }
  if (!('identities' in truth)) {
    const { text, display } = await gathering.named(truth.pairs, ['truth', 'pairs']);
    return readCsvPairs(text, display);
  }
  const at = { file: open.manifest.source.file, ...open.manifest.source.place(['truth']) };
  const faces = readIdentityFolders(await listSubfolders(open.folder, joined(truth.identities, '')), at);
  return { value: { pictures: faces.value, pairs: drawPairs(faces.value, truth, at) }, problems: faces.problems };
}

/** Without pairs of both kinds nothing can be told apart. */
function oneSided(pairs: readonly { same: boolean }[], open: OpenManifest): readonly Problem[] {
  const same = pairs.filter((pair) => pair.same).length;
  if (same > 0 && same < pairs.length) return [];
  const message = `has ${same} pairs of the same and ${pairs.length - same} of different ones: both are needed`;
  return [problemAt(open.manifest.source, ['truth'], message, 'add pairs, or pictures that they can be drawn from')];
}
