import type { Digest } from '#kernel';
import type { Release } from '#runners';
import type { Entry, Fact } from '#ledger';
import type { DeployFact } from './deploy-facts.ts';
import type { RolloutFact, VerifiedFact } from './rollout-facts.ts';
import { plainFact } from './plain-fact.ts';
import type { CheckReport, Finding, ModelReport } from '#report';

/** What the ledger holds of a check. Each fact is appended before anything is concluded from it. */
type Estimate = Finding['gain'];

export type PredictionFact = {
  kind: 'prediction';
  model: string;
  head: string;
  candidate: Release;
  reference: Release;
  dataset: string;
  datasetDigest: Digest;
  metric: string;
  /** What the research datasets said, and what is therefore expected in the field. */
  research: Estimate | null;
  field: Estimate;
  basis: string;
  at: string;
};

export type OutcomeFact = {
  kind: 'outcome';
  /** Record id of the prediction that this answers. */
  prediction: Digest;
  model: string;
  dataset: string;
  metric: string;
  field: Estimate;
};

/** That a release was scored on a dataset, and by digest what exactly came of it: too little to leak a label. */
export type EvaluationFact = {
  kind: 'evaluation';
  model: string;
  head: string;
  release: Release;
  dataset: string;
  datasetDigest: Digest;
  variant: string;
  chipsetKey: Digest;
  threshold: number | null;
  metricVersion: number;
  trials: number;
  /** Digest over the trials themselves. */
  trialsDigest: Digest;
};

export type VerdictFact = {
  kind: 'verdict';
  model: string;
  base: string;
  head: string;
  /** Git tree of the model's folder at head: what may be deployed. */
  tree: string;
  /** Of the configuration that judged it: see policyDigest. */
  policy: Digest;
  candidate: Release;
  references: readonly { release: Release; role: string }[];
  history: ModelReport['history'];
  outcome: ModelReport['outcome'];
  /** Better beyond doubt on some deciding gate, and within its margin on all: fit to be the next anchor. */
  superior: boolean;
  seed: number;
  runner: CheckReport['runner'];
  findings: readonly {
    metric: string;
    where: string;
    outcome: string;
    low: number | null;
    value: number | null;
    high: number | null;
  }[];
  at: string;
};

/** The very commit that a passed verdict wrote: what a deploy may land of a branch that others can push to. */
export type ProposalFact = {
  kind: 'proposal';
  model: string;
  /** Record id of the verdict. */
  verdict: Digest;
  repository: string;
  branch: string;
  commit: string;
};

export type CheckFact =
  | PredictionFact
  | OutcomeFact
  | EvaluationFact
  | VerdictFact
  | ProposalFact
  | DeployFact
  | RolloutFact
  | VerifiedFact;

export const asFact = (fact: CheckFact): Fact => plainFact(fact);

/** The facts of one kind, oldest first, with their record ids. */
export function factsOf<K extends CheckFact['kind']>(
  entries: readonly Entry[],
  kind: K,
): { id: Digest; fact: Extract<CheckFact, { kind: K }> }[] {
  return entries.flatMap(({ record }) =>
    record.fact.kind === kind ? [{ id: record.id, fact: record.fact as unknown as Extract<CheckFact, { kind: K }> }] : [],
  );
}
