import type { Digest } from '#kernel';

/** Pictures or clips, and what is true of each. */
export type Dataset = PictureDataset | ClipDataset;

/**
 * When it may be looked at: research before the field gain is predicted, replay (recorded in the field) only after. The round says
 * nothing of what is shown (the medium), nor of what is asked (the task).
 */
export type Round = 'research' | 'replay';

/** Pictures, by what is asked about them. */
export type PictureDataset = ClassificationDataset | DetectionDataset | VerificationDataset | SearchDataset;

/** Which class does each picture show? The truth is an index into `classes`. */
export type ClassificationDataset = Pictures<'classification', number> & Named;

/** What lies where in each picture? */
export type DetectionDataset = Pictures<'detection', BoxTruth> & Named;

/** Do two pictures show the same one? The truth is the identity; null where only the pairs say what is known. */
export type VerificationDataset = Pictures<'verification', string | null> & { pairs: readonly Pair[] };

/** Which pictures of the gallery show what the query shows? The truth is the identity. */
export type SearchDataset = Pictures<'search', string> & {
  queries: readonly string[];
  gallery: readonly string[];
  /** Sample -> the camera that took it, where pictures of the query's identity and camera are no answers to it. */
  cameras?: Readonly<Record<string, string>>;
};

type Pictures<Task extends string, Truth> = {
  round: Round;
  medium: 'pictures';
  task: Task;
  name: string;
  /** Over the normalised manifest, the truth and every pin: two datasets of one digest hold the same questions and answers. */
  digest: Digest;
  samples: readonly Sample<Truth>[];
};

type Named = {
  classes: readonly string[];
  /** What a model calls a class -> what it is called here, where the two differ; several may become one. */
  renames?: Readonly<Record<string, string>>;
};

export type Sample<Truth = unknown> = {
  /** The file's path below the dataset's root; unique. */
  id: string;
  pin: Digest;
  truth: Truth;
  slices: Readonly<Record<string, string>>;
};

export type BoxTruth = {
  boxes: readonly TrueBox[];
  /** What is resampled together, such as the pictures of one camera; null: the picture stands for itself. */
  cluster: string | null;
  /** Of a picture that is one of many: they follow one another in the order of their paths, and true boxes name their track. */
  sequence?: string;
};

export type TrueBox = {
  /** Index into `classes`. */
  class: number;
  /** Left, top, width and height in pixels of the upright picture. */
  box: readonly [x: number, y: number, width: number, height: number];
  /** Pixels: of the outline where the truth has one, else of the box. What is small, medium or large goes by it. */
  area: number;
  /** Many of a class in one box: any number of detections may lie in it, and none has to. */
  crowd: boolean;
  /** Too hard to be asked for: finding it is no error, missing it neither. */
  ignore: boolean;
  /** What is one thing over the pictures of a sequence; at most once in each. */
  track?: string;
};

/** Two samples by their ids. `fold`: where a protocol cuts the pairs into folds, counted from 0; else null. */
export type Pair = { a: string; b: string; same: boolean; fold: number | null };

export type ClipDataset = {
  round: Round;
  medium: 'clips';
  task: 'events';
  name: string;
  digest: Digest;
  classes: readonly string[];
  /** As of pictures. */
  renames?: Readonly<Record<string, string>>;
  clips: readonly Clip[];
  rule: EventRule;
  /** What is resampled together: clips of one site may share a camera and a night. */
  cluster: 'clip' | 'site';
};

export type Clip = {
  /** The path of the video or playlist, or of the folder of segments or frames, below the dataset's root; unique. */
  id: string;
  media:
    | { kind: 'video'; pin: Digest }
    | { kind: 'raw video'; pin: Digest; framesPerSecond: number }
    | { kind: 'segments'; segments: readonly Segment[] }
    | { kind: 'frames'; framesPerSecond: number; frames: readonly { file: string; pin: Digest }[] };
  site: string;
  /** Capture conditions, such as light: night. Slices are made of them and of the site. */
  conditions: Readonly<Record<string, string>>;
  events: readonly TimedEvent[];
};

/** One file of a recording that goes on in the next. `header`: the file whose bytes go before its own, or null. */
export type Segment = { file: string; pin: Digest; header: { file: string; pin: Digest } | null };

/** Seconds from the start of the clip. */
export type TimedEvent = { label: string; start: number; end: number };

/** How scores become events. The threshold is the model's own. */
export type EventRule = {
  /** Event label -> indices into `classes`; a frame's score for the label is the sum of theirs, or of boxes the best. */
  labels: Readonly<Record<string, readonly number[]>>;
  /** How many frames of footage are looked at per second. */
  framesPerSecond: number;
  /** So many looked-at frames in a row at or above the threshold open an event. */
  persistence: number;
  /** Seconds: events of one label no further apart than this are one. */
  mergeGap: number;
  /** Seconds by which true events are widened before they are matched one to one. */
  tolerance: number;
  /** Of boxes, as a share of the frame: smaller ones are not looked at. */
  minimumArea?: number;
  /** Of boxes, by site: only those that stand in one of its polygons are looked at; all, at a site that is not named. */
  zones?: Readonly<Record<string, readonly Polygon[]>>;
};

/** At least three corners, as shares of the frame's width and height, (0, 0) at the upper left. */
export type Polygon = readonly (readonly [x: number, y: number])[];

/** One decoded frame: UINT8 RGB, height x width x 3, at source size. */
export type Frame = { timestamp: number; width: number; height: number; pixels: Uint8Array };
