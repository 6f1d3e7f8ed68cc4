import type { Digest } from '#kernel';

/** Pictures or clips, and what is true of each. */
export type Dataset = PictureDataset | ClipDataset;

/**
 * When it may be looked at: research before the field gain is predicted, replay (recorded in the field) only after. The round says
 * nothing of what is shown (the medium), nor of what is asked (the task).
 */
export type Round = 'research' | 'replay';

export type PictureDataset = {
  round: Round;
  medium: 'pictures';
  task: 'classification';
  name: string;
  /** Over the normalised manifest, the truth and every pin: two datasets of one digest hold the same questions and answers. */
  digest: Digest;
  /** Class names in the order of the model's output. */
  classes: readonly string[];
  samples: readonly Sample[];
};

export type Sample = {
  /** The file's path below the dataset's root; unique. */
  id: string;
  pin: Digest;
  /** Index into `classes`. */
  truth: number;
  slices: Readonly<Record<string, string>>;
};

export type ClipDataset = {
  round: Round;
  medium: 'clips';
  task: 'events';
  name: string;
  digest: Digest;
  classes: readonly string[];
  clips: readonly Clip[];
  rule: EventRule;
  /** What is resampled together: clips of one site may share a camera and a night. */
  cluster: 'clip' | 'site';
};

export type Clip = {
  /** The path of the mp4, or of the folder of frames, below the dataset's root; unique. */
  id: string;
  media:
    | { kind: 'video'; pin: Digest }
    | { kind: 'frames'; framesPerSecond: number; frames: readonly { file: string; pin: Digest }[] };
  site: string;
  /** Capture conditions, such as light: night. Slices are made of them and of the site. */
  conditions: Readonly<Record<string, string>>;
  events: readonly TimedEvent[];
};

/** Seconds from the start of the clip. */
export type TimedEvent = { label: string; start: number; end: number };

/** How scores become events. The threshold is the model's own. */
export type EventRule = {
  /** Event label -> indices into `classes`; a frame's score for the label is the sum of theirs. */
  labels: Readonly<Record<string, readonly number[]>>;
  /** How many frames of footage are looked at per second. */
  framesPerSecond: number;
  /** So many looked-at frames in a row at or above the threshold open an event. */
  persistence: number;
  /** Seconds: events of one label no further apart than this are one. */
  mergeGap: number;
  /** Seconds by which true events are widened before they are matched one to one. */
  tolerance: number;
};

/** One decoded frame: UINT8 RGB, height x width x 3, at source size. */
export type Frame = { timestamp: number; width: number; height: number; pixels: Uint8Array };
