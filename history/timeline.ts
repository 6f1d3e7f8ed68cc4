import type { Digest } from '#kernel';

/** Whose time it is: who could make it shorter. */
export type Owner = 'author' | 'reviewer' | 'machines' | 'platform' | 'field' | 'labellers';

export type WorkName = 'collect and train' | 'write' | 'check' | 'land';
export type WaitName =
  | 'waiting for footage'
  | 'labelling'
  | 'runner queue'
  | 'build'
  | 'review'
  | 'approval'
  | 'earlier wave'
  | 'reconcile'
  | 'transfer'
  | 'offline site'
  | 'site check';

/** A stretch of an iteration's life. `gap`: it is not known what happened in it, for a stamp is missing. */
export type Span = { from: string; to: string; seconds: number } & (
  | { kind: 'work'; name: WorkName; owner: Owner }
  | { kind: 'wait'; name: WaitName; owner: Owner }
  | { kind: 'gap'; name: string; owner: null }
);

/** `underway`: not at an end yet; `rejected`: it failed, or was left; `taken back`: it was deployed, and held. */
export type IterationState = 'field-verified' | 'underway' | 'rejected' | 'taken back';

/** One iteration's life. Whole seconds: work + waits + gaps = elapsed, exactly. */
export type IterationTimeline = {
  model: string;
  /** Record of the verdict. */
  verdict: Digest;
  release: string;
  head: string;
  state: IterationState;
  /** Records of the alarms that it answers. */
  answers: readonly Digest[];
  from: string;
  to: string;
  elapsed: number;
  work: number;
  waits: number;
  gaps: number;
  /** In order, each beginning where the one before ends. */
  spans: readonly Span[];
};
