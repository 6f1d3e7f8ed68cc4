import type { Graph, LinkProfile, Place, Placement } from '#graphs';
import type { PlaceReport, Rule } from './spec.ts';

/** A frame as a camera gives it: milliseconds after the camera began, RGB of height x width x 3. */
export type CameraFrame = { after: number; width: number; height: number; pixels: Uint8Array };

/** Cameras at once; each plays its recordings one after another, and a recording is a camera of its own to the graph. */
export type Cameras = readonly (readonly { name: string; seconds: number; frames: () => AsyncIterable<CameraFrame> }[])[];

/** One graph under one placement, at live rate. */
export type GraphRun = {
  graph: Graph;
  placement: Placement;
  places: readonly Place[];
  links: readonly LinkProfile[];
  /** By stage that is a model: its folder, and the variant that is asked for. */
  models: Readonly<Record<string, { folder: string; variant: string | null }>>;
  /** The footage's; the threshold is that of the model before the events where the stage names none. */
  rule: Omit<Rule, 'threshold'>;
  queue: number;
  cameras: Cameras;
  signal?: AbortSignal;
};

export type ObservedPlace = PlaceReport & {
  place: string;
  /** What kept it to its processors, as a sentence's end; null where nothing could. */
  limitedBy: string | null;
  /** Milliseconds by which its clock is ahead of the camera's, and how well that is known. */
  clock: { offset: number; within: number };
};

/** What came of one run. */
export type Observed = {
  places: readonly ObservedPlace[];
  /** When each recording began by the camera's clock, and how many frames were sent of it and could not be handed over. */
  recordings: readonly { camera: string; began: number; frames: number; refused: readonly number[] }[];
  /** By link, what shaped it; null where nothing did. */
  shapedBy: Readonly<Record<string, string | null>>;
};

/** Runs graphs. Nothing outside it knows how places are made. */
export interface GraphRunner {
  /**
   * Every frame is handed over at its time, whether or not anybody is ready for it.
   * @throws CouldNotRun when a stage crashes, stalls or cannot be started, or a place falls silent
   */
  run(run: GraphRun): Promise<Observed>;
}
