import type { z } from 'zod';
import type { InferResponse } from '#kernel';
import type { Clip, ClipDataset, Dataset, Frame, PictureDataset, Sample } from '#datasets';
import type { ClassMapping } from './class-mapping.ts';
import type { BoxRow } from './detection/match-picture.ts';
import type { LabelScores } from './events/label-scores.ts';
import type { Exhibit } from './exhibit.ts';
import type { Metric } from './metric.ts';

/** What a model said of one sample or clip, and no word of what is true of it. */
export type Answer = { id: string };

/** An answer held against the truth. What every trial says of itself, whatever was asked: enough to slice, pair and resample. */
export type Trial = {
  id: string;
  slices: Readonly<Record<string, string>>;
  /**
   * What it is resampled together with: trials that are not independent of each other name the same cluster. One that depends on
   * two, as a pair of two identities does, names both; such trials are judged by pooled metrics alone.
   */
  cluster: string | readonly [string, string];
  /** Null for pictures, which stand for themselves. */
  site: string | null;
  /** Length of the footage; null for pictures. */
  seconds: number | null;
};

/**
 * What a model is asked, and all that only this question knows. Methods, and not properties that hold functions: so a task of
 * one kind of dataset may stand in the registry as a task of any.
 */
export type Task = TaskOf<Dataset, Answer, Trial> & (OfPictures<PictureDataset, Answer> | OfClips<ClipDataset, Answer>);

/** A question about single pictures, several of which are asked about at once. */
export type PictureTask<D extends PictureDataset, A extends Answer, T extends Trial> = TaskOf<D, A, T> & OfPictures<D, A>;

/** A question about clips: frames are read one by one, and the answer follows from all of them. */
export type ClipTask<D extends ClipDataset, A extends Answer, T extends Trial> = TaskOf<D, A, T> & OfClips<D, A>;

export type TaskOf<D extends Dataset, A extends Answer, T extends Trial> = {
  name: D['task'];
  /** Answers are kept under it: it goes up when decoding, ranking, matching or what an answer holds changes. */
  version: number;
  /** What a part may carry of an answer; bounded, for it may come from a stranger's machine. */
  answer: z.ZodType<A>;
  /** The first is what the task is about: a prediction speaks of it where no gate says otherwise. */
  metrics: readonly [Metric<T>, ...Metric<T>[]];
  /** Why an answer cannot be one to this sample or clip, as the end of a sentence about it; null when it can. */
  fault(answer: A, asked: Asked<D>): string | null;
  /** Answers to all samples or clips, in the dataset's order. A trial may be of one of them, or of several, such as a pair. */
  score(answered: readonly Answered<D, A>[], dataset: D): readonly T[];
  /** What a reader should know of how these came about, a sentence each; nothing where all is as usual. */
  notes(trials: readonly T[], dataset: D): readonly string[];
  /** What this answer got wrong, seen by itself; left out by a task in which that cannot be shown. */
  misses?(trial: T, dataset: D): readonly Exhibit[];
  /** The trials as they were had only one class been asked for, of each that is true anywhere; left out where there are no classes. */
  byClass?(trials: readonly T[], dataset: D): readonly TrialsOfClass<T>[];
  /** What the change from one release to another lost and gained here. */
  exhibits(trials: { candidate: T; reference: T }, dataset: D): readonly Exhibit[];
  /** Where the two say different things, whatever is true; left out by a task in which that says no more than what was lost and gained. */
  disagreements?(trials: { candidate: T; reference: T }, dataset: D): readonly Exhibit[];
};

export type TrialsOfClass<T extends Trial> = { value: string; trials: readonly T[] };

/** One sample or clip of a dataset. `seconds`: length of its footage, as this machine measured it; null for pictures. */
export type Asked<D extends Dataset> = { dataset: D; item: ItemOf<D>; seconds: number | null };

/** What was asked, and what came of it. */
export type Answered<D extends Dataset, A extends Answer> = Asked<D> & { answer: A };

export type ItemOf<D extends Dataset> = D extends PictureDataset ? D['samples'][number] : D extends ClipDataset ? Clip : never;

export type OfPictures<D extends PictureDataset, A extends Answer> = {
  medium: 'pictures';
  /** One answer for each sample. @throws CouldNotRun when the response is none to them */
  decode(
    response: InferResponse,
    samples: readonly Sample[],
    dataset: D,
    classes: ClassMapping,
    threshold: number | null,
  ): readonly A[];
  /** Where a score at or above the model's threshold counts: then it is part of what was asked. */
  thresholded?: true;
  /** What a picture is one of many of, to be shown one after the other as a model with memory needs; null where it stands for itself. */
  sequenceOf?(sample: Sample): string | null;
};

export type OfClips<D extends ClipDataset, A extends Answer> = {
  medium: 'clips';
  /** One reading for each frame. @throws CouldNotRun when the response is none to them */
  read(
    response: InferResponse,
    shown: FramesShown,
    dataset: Pick<D, 'classes' | 'rule'>,
    classes: ClassMapping,
  ): readonly Reading[];
  conclude(readings: readonly Reading[], clip: Clip, dataset: Pick<D, 'rule'>, threshold: number): A;
  /** What counts in each frame, for two models to be held against each other. */
  sightings(readings: readonly Reading[], threshold: number): readonly Sighting[];
  /** How much of what either of two models sees in the same footage both see, and where they differ most; null where they cannot be compared so. */
  compare(one: readonly Sighting[], other: readonly Sighting[]): Disagreement | null;
};

/** Frames of one request, and the site whose camera they are of. */
export type FramesShown = { site: string; frames: readonly Pick<Frame, 'timestamp' | 'width' | 'height'>[] };

/** A looked-at frame: seconds from the start of the clip, one score per event label, and the boxes that it comes from, where it does. */
export type Reading = { timestamp: number; scores: LabelScores; boxes?: readonly BoxRow[] };

/** A frame in which something counts: its boxes at or above the threshold, of the dataset's classes, in pixels. */
export type Sighting = { timestamp: number; boxes: readonly BoxRow[] };

/** `share`: of what either of two models sees, that only one of them does. `at`: seconds, of the frame with most of it; null where there is none. */
export type Disagreement = { share: number; at: number | null };
