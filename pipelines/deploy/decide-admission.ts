import type { Digest } from '#kernel';
import type { Entry } from '#ledger';
import { contradicted, factsOf, type VerdictFact, holdOn, holdReason, waiverOf, type Hold } from '#history';
import { configFile, type Config, type ModelConfig, policyDigest } from '#config';
import type { Landing } from './landing.ts';

export type Judged = { id: Digest; seq: number; fact: VerdictFact };

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
  now: Date;
};

/** Only what was judged, under today's policy, and passed (or somebody answers for it), and is not held. */
export function decideAdmission({ model, config, tree, entries, now }: Asked): Admission {
  const { name, build } = model;
  const verdicts = factsOf(entries, 'verdict').filter(({ fact }) => fact.model === name && fact.tree === tree);
  const policy = policyDigest(config, model);
  const judged = verdicts.findLast(({ fact }) => fact.policy === policy) ?? verdicts.at(-1);
  if (tree === null || judged === undefined) {
    const where = config.ledger === null ? '' : ` in an entry of the ledger that counts (${configFile} says who signs)`;
    return away('needs a check', `the merged ${build} has never been judged${where}: run fieldproof check on it`);
  }
  if (judged.fact.policy !== policy) {
    return away('needs a check', `${configFile} judges ${name} otherwise since its verdict: run fieldproof check again`);
  }
  const waiver = waiverOf(entries, judged.id, now)?.id ?? null;
  const failed = contradicted(entries, judged);
  const { outcome } = judged.fact;
  if (outcome === 'fail') return away('refused', 'its verdict is fail: only a pass is deployed');
  if (outcome === 'inconclusive' && waiver === null) return away('refused', inconclusive(judged.id));
  if (failed !== null && waiver === null) return away('refused', failedBefore(judged.id, failed));
  const hold = holdOn(entries, name, judged.fact.candidate, now);
  if (hold !== undefined) return { kind: 'held', judged, hold, reason: holdReason(hold) };
  return { kind: 'admitted', judged, waiver: outcome === 'pass' && failed === null ? null : waiver };
}

const away = (state: Landing['state'], reason: string): Admission => ({ kind: 'turned away', state, reason });

function failedBefore(record: Digest, { id, fact }: Judged): string {
  return `it passed only when it was judged again: the same release failed on the same data under the same policy on ${fact.at.slice(0, 10)} (record ${shortId(id)}). Judge it on other data, or let somebody answer for it: ${accept(record)}`;
}

function inconclusive(record: Digest): string {
  return `its verdict is inconclusive: only a pass is deployed, or what somebody answers for: ${accept(record)}`;
}

function accept(record: Digest): string {
  return `fieldproof accept --record ${shortId(record)} --by ... --why ... --until ...`;
}

function shortId(record: Digest): string {
  return record.slice('sha256:'.length, 'sha256:'.length + 12);
}
