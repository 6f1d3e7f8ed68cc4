import type { Problem } from '#kernel';
import type { Labelled } from '../assemble-pictures.ts';
import type { UsedFile } from '../check-files.ts';
import type { Classes } from '../classes.ts';
import type { BoxTruth, EventRule, Pair } from '../dataset.ts';
import type { DeclaredClip, DeclaredSample } from '../declared.ts';
import type { ReplayManifest } from '../manifest.ts';
import type { ClipFiles } from './clip-files.ts';

/** What a manifest asks for, found on disk, before any of it is compared with its pins. */
export type Gathered = Found & {
  /** Which of the used files are pictures or clips, and not texts. */
  media: readonly UsedFile[];
};

export type Content =
  | { task: 'classification'; classes: Classes; samples: readonly DeclaredSample[] }
  | { task: 'detection'; classes: Classes; pictures: readonly Labelled<BoxTruth>[]; sizes: ReadonlyMap<string, Size> }
  | { task: 'verification'; pictures: readonly Labelled<string | null>[]; pairs: readonly Pair[] }
  | {
      task: 'search';
      pictures: readonly (Labelled<string> & { role: 'query' | 'gallery' })[];
      cameras: Readonly<Record<string, string>> | null;
    }
  | {
      task: 'events';
      classes: Classes;
      manifest: ReplayManifest;
      labels: EventRule['labels'];
      clips: readonly DeclaredClip[];
      files: ClipFiles['files'];
      segments: ClipFiles['segments'];
    };

/** Pixels, as the truth says them of a picture. */
export type Size = { width: number; height: number };

/** What the manifest lists, the pictures and clips that it needs, and what is wrong with its lists. */
export type Found = { content: Content; used: readonly UsedFile[]; problems: readonly Problem[] };
