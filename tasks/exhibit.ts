/** What is worth a picture, before anything is decoded. */
export type Exhibit = {
  /** `apart`: the two say different things, whatever is true. */
  change: 'lost' | 'gained' | 'apart';
  /** The sample or clip, by its id. */
  id: string;
  /** Other samples that are shown beside it, such as the other picture of a pair. */
  beside?: readonly string[];
  /** Seconds into the clip; null for a picture. */
  at: number | null;
  caption: string;
  slices: Readonly<Record<string, string>>;
  /** How clear it is; the clearest are shown. */
  weight: number;
  /** What is true in the clip, and what each release says happens in it. */
  spans?: readonly Span[];
  /** Drawn on the picture: the true ones, those of the release before, and those of the candidate. */
  boxes?: readonly DrawnBox[];
};

/** Corners in pixels of the upright picture. */
export type DrawnBox = {
  role: 'truth' | 'reference' | 'candidate';
  label: string;
  /** Left out by what is true. */
  score?: number;
  x1: number;
  y1: number;
  x2: number;
  y2: number;
};

/** Seconds from the start of the clip. `score`: the highest of its frames; null for what is true. */
export type Span = { role: DrawnBox['role']; label: string; score: number | null; start: number; end: number };
