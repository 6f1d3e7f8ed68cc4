import { posix } from 'node:path';
import { CouldNotRun, digestOfJson, problemAt, type SourceMap } from '#kernel';
import { namedBy, ruleOf } from './assemble.ts';
import { resolveLabels } from './check-clips.ts';
import { classesOf, classesOfMap, readClassNames, type Classes } from './classes.ts';
import type { ClipDataset } from './dataset.ts';
import { parseManifest, type ReplayManifest } from './manifest.ts';
import type { ManifestRef } from './sample-source.ts';

/** What a replay dataset asks of a model, apart from its clips. */
export type ReplayQuestion = Pick<ClipDataset, 'classes' | 'renames' | 'rule' | 'digest'>;

/**
 * The classes and the event rule of a replay dataset, whose data need not be on this machine.
 * @throws CouldNotRun when the manifest is missing or wrong, is of research, or keeps its class names among the data
 */
export async function readQuestion({ name, path, readFile }: Omit<ManifestRef, 'data'>): Promise<ReplayQuestion> {
  const text = await readFile(path);
  if (text === undefined) {
    const remedy = 'add it, or correct `datasets` in fieldproof.yaml';
    throw new CouldNotRun({ file: path, message: `the manifest of dataset ${JSON.stringify(name)} is not there`, remedy });
  }
  const { value: manifest, source } = parseManifest(text, path);
  if (manifest.kind !== 'replay') {
    throw new CouldNotRun(
      problemAt(source, ['kind'], 'is research, and footage is asked what a replay dataset asks', 'name a replay dataset'),
    );
  }
  const classes = await readClasses(manifest.classes, source, readFile);
  const labels = resolveLabels(manifest.labels, classes, source);
  if (labels.problems.length > 0) throw new CouldNotRun(labels.problems);
  const rule = ruleOf(manifest, labels.value);
  const named = namedBy(classes.names, classes.renames);
  return { ...named, rule, digest: digestOfJson({ ...named, rule }) };
}

async function readClasses(
  written: ReplayManifest['classes'],
  source: SourceMap,
  readFile: ManifestRef['readFile'],
): Promise<Classes> {
  if (Array.isArray(written)) return classesOf(written);
  if (typeof written === 'string') return classesOf(await readNames(written, source.file, readFile));
  const classes = classesOfMap(written);
  if ('fault' in classes) throw new CouldNotRun(problemAt(source, ['classes'], classes.fault, classes.remedy));
  return classes;
}

async function readNames(file: string, manifest: string, readFile: ManifestRef['readFile']): Promise<readonly string[]> {
  const path = posix.join(posix.dirname(manifest), file);
  const text = await readFile(path);
  if (text === undefined) {
    const remedy = 'put the class names beside the manifest, where no data is needed to read them';
    throw new CouldNotRun({ file: path, message: 'the class names are not in the repository', remedy });
  }
  const names = readClassNames(text, { file: path });
  if (names.problems.length > 0) throw new CouldNotRun(names.problems);
  return names.value;
}

/**
 * The files, beside the manifest, that a replay dataset lists its clips and their pins in.
 * @throws CouldNotRun when the manifest is wrong, is of research, or lists its clips itself
 */
export function manifestFiles(text: string, path: string): { clips: string; pins: string } {
  const { value: manifest, source } = parseManifest(text, path);
  if (manifest.kind === 'replay' && typeof manifest.clips === 'string') return { clips: manifest.clips, pins: manifest.pins };
  const field = manifest.kind === 'replay' ? 'clips' : 'kind';
  throw new CouldNotRun(
    problemAt(source, [field], 'clips cannot be added to it', 'use kind: replay, with clips: a file of one clip per line'),
  );
}
