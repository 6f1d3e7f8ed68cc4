import type { UsedFile } from '../check-files.ts';
import { readCsvSamples } from '../csv-samples.ts';
import { readFolderSamples } from '../folder-samples.ts';
import type { ClassificationManifest } from '../manifest.ts';
import { gatherClasses } from './gather-classes.ts';
import type { Found } from './gathered.ts';
import { listSubfolders } from './list-pictures.ts';
import type { Gathering, OpenManifest } from './manifest-texts.ts';

export async function gatherClassification(
  open: OpenManifest,
  manifest: ClassificationManifest,
  gathering: Gathering,
): Promise<Found> {
  const classes = await gatherClasses(manifest.classes, open, gathering);
  const { samples } = manifest;
  if ('csv' in samples) {
    const { text, display } = await gathering.named(samples.csv, ['samples', 'csv']);
    const { value, problems } = readCsvSamples(text, display, classes, samples.folder ?? '');
    return { content: { task: 'classification', classes, samples: value }, used: value.map(usedBy), problems };
  }
  const at = { file: open.manifest.source.file, ...open.manifest.source.place(['samples']) };
  const { value, problems } = readFolderSamples(await listSubfolders(open.folder, ''), classes, at);
  // A class folder that is a link out of the root must be named, not passed over.
  const children = [...((await open.folder.list('')) ?? [])];
  const strays = children.flatMap(([path, kind]): UsedFile[] => (kind === 'outside' ? [{ path, at }] : []));
  return { content: { task: 'classification', classes, samples: value }, used: [...value.map(usedBy), ...strays], problems };
}

function usedBy({ file, at }: { file: string; at: UsedFile['at'] }): UsedFile {
  return { path: file, at };
}
