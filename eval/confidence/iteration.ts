import type { Unit } from '#tasks';

/** A gain as it was measured, with its standard error: both in the metric's unit, and more is better. */
export type MeasuredGain = { value: number; error: number };

/** What a research dataset said of an iteration. `set`: dataset and metric; `unit`: of its gains. */
export type ResearchGain = { set: string; unit: Unit; gain: MeasuredGain };

/** Where a model runs: a chipset at a site. */
export type FieldPlace = { site: string; chipset: string };

/** `on`: footage that was recorded before the change was judged, or that arrived after it was deployed (or shadowed). */
export type FieldGain = FieldPlace & { on: 'recorded' | 'arrived'; gain: MeasuredGain };

/** One iteration of a model: what was said of it before, and what the field showed. */
export type Iteration = {
  /** Name of the release, which stays the same. */
  release: string;
  /** When the prediction was committed; ISO 8601. */
  at: string;
  /** False: rejected, and replayed in the shadow alone. */
  shipped: boolean;
  research: readonly ResearchGain[];
  /** The gain over all places, as it was predicted before the replay; null where nothing was. */
  predicted: MeasuredGain | null;
  /** The gain over all places that the replay showed; null where nothing has been seen. */
  realised: MeasuredGain | null;
  field: readonly FieldGain[];
};
