import type { Digest } from '#kernel';
import type { Entry } from '#ledger';
import { factsOf, type VerdictFact, holdOn, holdReason, waiverOf, type Hold } from '#history';
import { configFile, type Config, type ModelConfig, policyDigest } from '#config';
import type { Landing } from './landing.ts';

export type Judged = { id: Digest; fact: VerdictFact };

export type Admission =
  | { kind: 'admitted'; judged: Judged; waiver: Digest | null }
  | { kind: 'held'; judged: Judged; hold: Hold; reason: string }
  | { kind: 'turned away'; state: Landing['state']; reason: string };

type Asked = {
  model: ModelConfig;
  config: Config;
  /** Git's id of the model's folder as merged; null where there is none. */
  tree: string | null;
  entries: readonly Entry[];
  mustBeSigned: boolean;
  now: Date;
};

/** Only what was judged, under today's policy, and passed (or somebody answers for it), and is not held. */
export function decideAdmission({ model, config, tree, entries, mustBeSigned, now }: Asked): Admission {
  const { name, build } = model;
  const judged = factsOf(entries, 'verdict').findLast(({ fact }) => fact.model === name && fact.tree === tree);
  if (tree === null || judged === undefined) {
    const signed = mustBeSigned ? ' in a signed entry of the ledger' : '';
    return away('needs a check', `the merged ${build} has never been judged${signed}: run fieldproof check on it`);
  }
  if (judged.fact.policy !== policyDigest(config, model)) {
    return away('needs a check', `${configFile} judges ${name} otherwise since its verdict: run fieldproof check again`);
  }
  const waiver = waiverOf(entries, judged.id, now)?.id ?? null;
  const { outcome } = judged.fact;
  if (outcome === 'fail') return away('refused', 'its verdict is fail: only a pass is deployed');
  if (outcome === 'inconclusive' && waiver === null) return away('refused', inconclusive(judged.id));
  const hold = holdOn(entries, name, judged.fact.candidate, now);
  if (hold !== undefined) return { kind: 'held', judged, hold, reason: holdReason(hold) };
  return { kind: 'admitted', judged, waiver: outcome === 'pass' ? null : waiver };
}

const away = (state: Landing['state'], reason: string): Admission => ({ kind: 'turned away', state, reason });

function inconclusive(record: Digest): string {
  const id = record.slice('sha256:'.length, 'sha256:'.length + 12);
  return `its verdict is inconclusive: only a pass is deployed, or what somebody answers for: fieldproof accept --record ${id} --by ... --why ... --until ...`;
}
