import { digestOfJson } from '#kernel';
import { byId, namedBy, pinOf } from './assemble.ts';
import type { Classes } from './classes.ts';
import type { BoxTruth, DetectionDataset, Pair, Sample, SearchDataset, VerificationDataset } from './dataset.ts';
import type { Pins } from './pins.ts';

/** Changes whenever the same dataset would get another digest. */
const DIGEST_VERSION = 1;

/** A picture with what is true of it, by its path below the root. */
export type Labelled<Truth> = { file: string; truth: Truth; slices: Readonly<Record<string, string>> };

export function assembleDetection(
  name: string,
  { names: classes, renames }: Classes,
  pictures: readonly Labelled<BoxTruth>[],
  pins: Pins,
): DetectionDataset {
  const samples = samplesOf(pictures, pins);
  const named = namedBy(classes, renames);
  const digest = digestOfJson({ version: DIGEST_VERSION, kind: 'research', task: 'detection', ...named, samples });
  return { round: 'research', medium: 'pictures', task: 'detection', name, digest, ...named, samples };
}

export function assembleVerification(
  name: string,
  pictures: readonly Labelled<string | null>[],
  pairs: readonly Pair[],
  pins: Pins,
): VerificationDataset {
  const samples = samplesOf(pictures, pins);
  const ordered = pairs.toSorted((a, b) => (a.fold ?? 0) - (b.fold ?? 0) || compare(a.a, b.a) || compare(a.b, b.b));
  const digest = digestOfJson({ version: DIGEST_VERSION, kind: 'research', task: 'verification', samples, pairs: ordered });
  return { round: 'research', medium: 'pictures', task: 'verification', name, digest, samples, pairs: ordered };
}

export function assembleSearch(
  name: string,
  {
    pictures,
    cameras,
  }: {
    pictures: readonly (Labelled<string> & { role: 'query' | 'gallery' })[];
    cameras: Readonly<Record<string, string>> | null;
  },
  pins: Pins,
): SearchDataset {
  const samples = samplesOf(pictures, pins);
  const idsOf = (wanted: string) => pictures.flatMap(({ file, role }) => (role === wanted ? [file] : [])).toSorted(compare);
  const roles = { queries: idsOf('query'), gallery: idsOf('gallery'), ...(cameras !== null && { cameras }) };
  const digest = digestOfJson({ version: DIGEST_VERSION, kind: 'research', task: 'search', samples, ...roles });
  return { round: 'research', medium: 'pictures', task: 'search', name, digest, samples, ...roles };
}

function samplesOf<Truth>(pictures: readonly Labelled<Truth>[], pins: Pins): readonly Sample<Truth>[] {
  return pictures.map(({ file, truth, slices }) => ({ id: file, pin: pinOf(pins, file), truth, slices })).toSorted(byId);
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
