import { digestOfJson, type Digest } from '#kernel';
import type { ClassificationDataset, Clip, ClipDataset, EventRule, Sample, Segment } from './dataset.ts';
import type { Classes } from './classes.ts';
import { clipId, type DeclaredClip, type DeclaredMedia, type DeclaredSample } from './declared.ts';
import type { ReplayManifest } from './manifest.ts';
import type { Pins } from './pins.ts';
import type { ListedSegment } from './playlist.ts';

/** Changes whenever the same dataset would get another digest. */
const DIGEST_VERSION = 1;

/** Samples in the order of their paths, so that the order of a list changes nothing. Every file has been checked to be pinned. */
export function assembleResearch(
  name: string,
  { names: classes, renames }: Classes,
  declared: readonly DeclaredSample[],
  pins: Pins,
): ClassificationDataset {
  const named = namedBy(classes, renames);
  const samples = declared
    .map(({ file, truth, slices }): Sample<number> => ({ id: file, pin: pinOf(pins, file), truth, slices }))
    .toSorted(byId);
  const digest = digestOfJson({ version: DIGEST_VERSION, kind: 'research', ...named, samples });
  return { round: 'research', medium: 'pictures', task: 'classification', name, digest, ...named, samples };
}

/** Datasets whose classes have no other names are as they were before classes could have any, their digests too. */
export function namedBy(classes: readonly string[], renames: Classes['renames']) {
  return Object.keys(renames).length === 0 ? { classes } : { classes, renames };
}

/**
 * @param parts.files clip id -> its files in order, for clips that are more than one
 * @param parts.segments clip id -> its segments in order
 */
export function assembleReplay(
  name: string,
  manifest: ReplayManifest,
  parts: {
    classes: Classes;
    labels: EventRule['labels'];
    clips: readonly DeclaredClip[];
    files: ReadonlyMap<string, readonly string[]>;
    segments: ReadonlyMap<string, readonly ListedSegment[]>;
    pins: Pins;
  },
): ClipDataset {
  const { classes, labels } = parts;
  const named = namedBy(classes.names, classes.renames);
  const clips = parts.clips.map((clip) => assembleClip(clip, parts)).toSorted(byId);
  const rule = ruleOf(manifest, labels);
  const content = { version: DIGEST_VERSION, kind: 'replay', ...named, clips, rule, cluster: manifest.cluster };
  return {
    round: 'replay',
    medium: 'clips',
    task: 'events',
    name,
    digest: digestOfJson(content),
    ...named,
    clips,
    rule,
    cluster: manifest.cluster,
  };
}

/** The rule in base units. */
export function ruleOf({ rule }: ReplayManifest, labels: EventRule['labels']): EventRule {
  return {
    labels,
    framesPerSecond: rule['frames-per-second'],
    persistence: rule.persistence,
    mergeGap: rule['merge-gap'] / 1000,
    tolerance: rule.tolerance / 1000,
    ...(rule['minimum-area'] === undefined ? {} : { minimumArea: rule['minimum-area'] }),
    ...(rule.zones === undefined ? {} : { zones: rule.zones }),
  };
}

type ClipParts = Pick<Parameters<typeof assembleReplay>[2], 'files' | 'segments' | 'pins'>;

function assembleClip(clip: DeclaredClip, parts: ClipParts): Clip {
  const { site, conditions } = clip;
  const events = clip.events.toSorted((a, b) => a.start - b.start || a.end - b.end || (a.label < b.label ? -1 : 1));
  return { id: clipId(clip.media), media: mediaOf(clip.media, parts), site, conditions, events };
}

function mediaOf(media: DeclaredMedia, { files, segments, pins }: ClipParts): Clip['media'] {
  const id = clipId(media);
  const pinned = (file: string) => ({ file, pin: pinOf(pins, file) });
  if (media.kind === 'frames') {
    const frames = (files.get(id) ?? []).map((file) => pinned(file));
    return { kind: 'frames', framesPerSecond: media.framesPerSecond, frames };
  }
  if (media.kind === 'video') {
    const pin = pinOf(pins, id);
    return media.framesPerSecond === null
      ? { kind: 'video', pin }
      : { kind: 'raw video', pin, framesPerSecond: media.framesPerSecond };
  }
  const listed = (segments.get(id) ?? []).map(({ file, header }): Segment => ({
    ...pinned(file),
    header: header === null ? null : pinned(header),
  }));
  return { kind: 'segments', segments: listed };
}

export function pinOf(pins: Pins, file: string): Digest {
  const pin = pins.get(file);
  if (pin === undefined) throw new Error(`${file} reached assembly without a pin`);
  return pin.digest;
}

export function byId(a: { id: string }, b: { id: string }): number {
  return a.id < b.id ? -1 : a.id > b.id ? 1 : 0;
}
