/** A rule that decides, as configuration states it, after normalisation. */
export type Gate = QualityGate | LatencyGate;

export type LatencyMetric = 'latency-p50' | 'latency-p90' | 'latency-p95';

export type QualityGate = {
  kind: 'quality';
  dataset: string;
  /** One of the metrics of the dataset's task, by its name. */
  metric: string;
  /** How much may be lost, in the metric's own unit. */
  margin: number | null;
  /** Absolute bound, judged for every release: `atLeast` where more is better, `atMost` where less is. */
  atLeast: number | null;
  atMost: number | null;
  /** Slices of these names decide, each on its own (intersection-union: no correction). */
  guard: readonly string[];
  /** What a guarded slice may lose; null: as much as the whole. */
  guardMargin: number | null;
  /** Slices of these names are shown. */
  watch: readonly string[];
  /** The whole gate only shows. */
  watchOnly: boolean;
};

/** `margin`: how much slower, as a fraction of the baseline. */
export type LatencyGate = { kind: 'latency'; chipset: string; metric: LatencyMetric; margin: number };

export type Outcome = 'pass' | 'fail' | 'inconclusive';

/** A one-sided 95% bound on either side: together the 90% interval that is drawn. */
export type Interval = { low: number; high: number };

/** A number with its uncertainty; `interval` is absent when there is too little data to say, never zero. */
export type Estimate = {
  value: number | null;
  interval: Interval | null;
  /** The method, in words with its citation's name, such as "Tango 1998 score" or "cluster BCa bootstrap". */
  method: string;
  /** Independent clusters, and trials in them. */
  clusters: number;
  n: number;
};
