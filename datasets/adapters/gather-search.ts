import { camerasOf } from '../cameras.ts';
import type { UsedFile } from '../check-files.ts';
import type { Checked } from '../declared.ts';
import { readCsvSearch, searchProblems, type DeclaredItem } from '../formats/csv-search.ts';
import { readIdentityFolders } from '../formats/identity-folders.ts';
import type { SearchManifest } from '../manifest.ts';
import type { Found } from './gathered.ts';
import { listSubfolders } from './list-pictures.ts';
import { joined } from './data-paths.ts';
import type { Gathering, OpenManifest } from './manifest-texts.ts';

export async function gatherSearch(open: OpenManifest, manifest: SearchManifest, gathering: Gathering): Promise<Found> {
  const { value, problems } = await readItems(open, manifest.truth, gathering);
  const pictures = value.map(({ file, identity, role, slices }) => ({ file, truth: identity, role, slices }));
  const used = value.map(({ file, at }): UsedFile => ({ path: file, at }));
  const cameras = manifest.camera === undefined ? null : camerasOf(value, manifest.camera);
  const content = { task: 'search', pictures, cameras: cameras?.value ?? null } as const;
  return { content, used, problems: [...problems, ...(cameras?.problems ?? [])] };
}

async function readItems(
  open: OpenManifest,
  truth: SearchManifest['truth'],
  gathering: Gathering,
): Promise<Checked<readonly DeclaredItem[]>> {
  if ('search' in truth) {
    const { text, display } = await gathering.named(truth.search, ['truth', 'search']);
    const { value, problems } = readCsvSearch(text, display);
    return { value: value.map((item) => ({ ...item, file: joined(truth.pictures ?? '', item.file) })), problems };
  }
  const both = await Promise.all([readRole(open, truth.queries, 'query'), readRole(open, truth.gallery, 'gallery')]);
  const items = both.flatMap(({ value }) => value);
  const problems = both.flatMap((one) => one.problems);
  return { value: items, problems: problems.length > 0 ? problems : searchProblems(items, open.manifest.source.file) };
}

async function readRole(
  open: OpenManifest,
  folder: string,
  role: DeclaredItem['role'],
): Promise<Checked<readonly DeclaredItem[]>> {
  const at = {
    file: open.manifest.source.file,
    ...open.manifest.source.place(['truth', role === 'query' ? 'queries' : 'gallery']),
  };
  const { value, problems } = readIdentityFolders(await listSubfolders(open.folder, joined(folder, '')), at);
  const items = value.map(({ file, identity }) => ({
    file: joined(folder, file),
    identity: identity ?? '',
    role,
    slices: {},
    at,
  }));
  return { value: items, problems };
}
