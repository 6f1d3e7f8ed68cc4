/** What a change is concentrated in, and how far: means of the statistic before and since its onset. */
export type Suspect = {
  /** Empty for the whole site; else `light=night`. */
  slice: string;
  /** Which of the signal's statistics. */
  statistic: number;
  before: number;
  since: number;
  /** The night, counted from the run's first, at which the change began. */
  onset: number;
};

/** One run of a sequential test of one thing at one site: from its first night to its alarm, and then until that is over. */
export type Watch<V> = {
  take(night: V): void;
  /**
   * What speaks against nothing having changed, multiplied by what each component may spend. While nothing has changed, the
   * chance that it ever reaches 1/a is at most a.
   */
  evidence(): number;
  /** Whether anything has been bet yet: before, nights are only gathered. */
  hasBet(): boolean;
  suspect(): Suspect;
  /** No more bets: from now on nights only tell whether the change is over. */
  alarm(): void;
  isOver(): boolean;
};
