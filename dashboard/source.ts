import type { HistoryIndex, OldRelease } from '#history';
import type { ReportShelf } from './reports.ts';

/** All that pages are made of, at one moment. Nothing here can be written to. */
export type Source = {
  index: HistoryIndex;
  reports: ReportShelf;
  /** What the repository is called. */
  title: string;
  now: Date;
  /** How long releases took before, where a team has said so. */
  before: readonly OldRelease[];
};
