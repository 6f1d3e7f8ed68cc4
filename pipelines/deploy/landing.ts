/** What came of deploying (or taking back) one model. */
export type Landing = { model: string; state: LandingState; reason: string };

export type LandingState =
  /** On the branch; what the controllers make of it was not watched. */
  | 'landed'
  /** On the branch, and healthy at this revision at every site. */
  | 'healthy'
  | 'up to date'
  /** A pull request, or a branch to open one for. */
  | 'proposed'
  /** Not over: the reason says what for, and how to go on. */
  | 'waiting'
  | 'needs a check'
  | 'refused'
  /** It failed, and what ran before is back. */
  | 'reverted'
  /** It failed, and a person has to look. */
  | 'failed';

export const failedStates: readonly LandingState[] = ['refused', 'reverted', 'failed'];
export const openStates: readonly LandingState[] = ['needs a check', 'waiting'];
