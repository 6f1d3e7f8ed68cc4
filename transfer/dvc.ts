import { z } from 'zod';
import { CouldNotRun, parseYaml, problemAt, type Place } from '#kernel';

/** What DVC wrote down of a folder or a file that it tracks: by which name a remote holds it. `md5`: 32 hex digits. */
export type DvcOutput = { md5: string; isFolder: boolean; path: string; layout: 'files/md5/' | ''; at: Place };

const output = z.looseObject({
  md5: z.string().regex(/^[0-9a-f]{32}(?:\.dir)?$/, 'expected an md5, as dvc add writes it'),
  path: z.string().min(1),
  hash: z.string().optional(),
});
const fileSchema = z.looseObject({ outs: z.array(output).length(1, 'expected one output') });
const listingSchema = z.array(z.looseObject({ md5: z.string().regex(/^[0-9a-f]{32}$/), relpath: z.string() }));

/** @throws CouldNotRun when it is no .dvc file of one output */
export function readDvcFile(text: string, file: string): DvcOutput {
  const { value, source } = parseYaml(text, file, fileSchema);
  const [first] = value.outs;
  if (first === undefined) throw new CouldNotRun(problemAt(source, ['outs'], 'is empty', 'track the data: dvc add'));
  // DVC says `hash: md5` since version 3, and lays out what it wrote so in a folder of its own.
  const layout = first.hash === undefined ? '' : 'files/md5/';
  const at = { file, ...source.place(['outs', 0, 'md5']), field: 'outs[0].md5' };
  return { md5: first.md5.slice(0, 32), isFolder: first.md5.endsWith('.dir'), path: first.path, layout, at };
}

/** Below the address of a remote. `.dir` is the list of a folder's files. */
export function dvcPath({ layout, md5 }: Pick<DvcOutput, 'layout' | 'md5'>, suffix: '' | '.dir' = ''): string {
  return `${layout}${md5.slice(0, 2)}/${md5.slice(2)}${suffix}`;
}

/** Path below the folder -> md5 of the file. Null where it is no such list. */
export function readDvcListing(text: string): ReadonlyMap<string, string> | null {
  try {
    return new Map(listingSchema.parse(JSON.parse(text)).map(({ relpath, md5 }) => [relpath, md5]));
  } catch {
    return null;
  }
}
