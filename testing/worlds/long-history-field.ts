import { digestOf, digestOfJson, hexOf, type Digest, type Release } from '#kernel';
import { asWritten, type AlarmFact, type AnyFact, type HoldFact, type RolloutFact, type VerdictFact } from '#history';
import type { Random } from '../../eval/stats/rng.ts';

const HOUR = 3_600_000;

/** One iteration as the ledger came to hold it: what was judged, and what the places that got it made of it. */
export type Told = {
  model: string;
  chipset: string;
  sites: readonly string[];
  at: Date;
  release: Release;
  before: Release;
  next: Random;
};

type Judged = { id: Digest; fact: VerdictFact };

/** What came of a release that passed: most are deployed; of those, some fail and are taken back, and now and then a site drifts. */
export function* fieldFacts(told: Told, verdict: Judged): Generator<AnyFact> {
  const { model, next } = told;
  const branch = `fieldproof/${model}/${verdict.fact.head.slice(0, 8)}`;
  const commit = hexOf(digestOf(`proposal ${verdict.id}`)).slice(0, 40);
  yield { kind: 'proposal', model, verdict: verdict.id, repository: '../fleet.git', branch, commit };
  if (next() < 0.1) return;
  yield* deployment(told, verdict, branch);
  if (next() < 0.05) yield* takenBack(told, verdict);
  if (next() < 0.08) yield* drifted(told);
}

function* deployment(told: Told, { id: verdict, fact }: Judged, proposal: string): Generator<AnyFact> {
  const { model, chipset, sites, release, next } = told;
  const merged = later(told, 4 + 40 * next());
  yield { kind: 'merge', model, verdict, tree: fact.tree, commit: hexOf(digestOf(`merge ${verdict}`)).slice(0, 40), at: merged };
  const waves = [sites.slice(0, 1), sites.slice(1)].filter((wave) => wave.length > 0);
  for (const [index, wave] of waves.entries()) {
    const fleetCommit = hexOf(digestOf(`fleet ${verdict} ${index}`)).slice(0, 40);
    const at = after(merged, 1 + 6 * index);
    const places = wave.map((site) => ({ site, chipset }));
    const shared = {
      model,
      candidate: release,
      superior: fact.superior,
      verdict,
      proposal,
      branch: 'main',
      fleetCommit,
      waiver: null,
    };
    yield {
      kind: 'deployment',
      ...shared,
      wave: { number: index + 1, of: waves.length, places },
      files: [`models/${model}/base.yaml`],
      at,
    };
    for (const site of wave) yield* landed({ model, site, chipset, fleetCommit }, at, next());
  }
}

function* landed(
  place: Pick<RolloutFact, 'model' | 'site' | 'chipset' | 'fleetCommit'>,
  from: string,
  luck: number,
): Generator<AnyFact> {
  const revision = `main@sha1:${place.fleetCommit}`;
  const rollout = { kind: 'rollout' as const, ...place, revision };
  yield { ...rollout, state: 'progressing', reason: 'Reconciliation in progress', at: after(from, 0.1) };
  if (luck < 0.02) yield { ...rollout, state: 'failed', reason: 'Health check failed after 5m0s: timeout', at: after(from, 0.3) };
  else if (luck < 0.05) yield { ...rollout, state: 'unknown', reason: 'the site has not answered since', at: after(from, 8) };
  else {
    yield { kind: 'verified', ...place, outcome: 'pass', reason: 'answered as judged', at: after(from, 0.4 + 5 * luck) };
    yield { ...rollout, state: 'healthy', reason: 'Applied revision', at: after(from, 0.5 + 5 * luck) };
  }
}

function* takenBack(told: Told, { id: verdict, fact }: Judged): Generator<AnyFact> {
  const { model, release } = told;
  const at = later(told, 60);
  const hold: HoldFact = {
    kind: 'hold',
    model,
    release,
    verdict,
    site: null,
    by: 'night watch',
    reason: 'the rollout failed',
    at,
  };
  yield hold;
  const reverts = [hexOf(digestOf(`fleet ${verdict} 0`)).slice(0, 40)];
  yield {
    kind: 'revert',
    model,
    verdict,
    hold: digestOfJson(asWritten(hold)),
    site: null,
    reverts,
    outcome: 'committed',
    fleetCommit: hexOf(digestOf(`revert ${fact.head}`)).slice(0, 40),
    branch: 'main',
    edited: [],
    reason: 'the rollout failed',
    at: after(at, 0.2),
  };
}

function* drifted(told: Told): Generator<AnyFact> {
  const { model, sites, next } = told;
  const kind = next() < 0.5 ? ('shift' as const) : ('drift' as const);
  const day = (hours: number) => later(told, hours).slice(0, 10);
  const raised: AlarmFact = {
    kind,
    model,
    site: sites[0] ?? 'site-1',
    signal: kind === 'shift' ? 'events per hour' : 'event-recall',
    state: 'raised',
    raised: day(96),
    started: day(48),
    ended: null,
    why: null,
    statistic: 'rank martingale',
    slice: 'all',
    before: 12,
    since: 3,
    evidence: 140,
    needed: 100,
    falseAlarmRate: 0.01,
  };
  yield raised;
  if (next() < 0.8) yield { ...raised, state: 'ended', ended: day(240), why: 'three nights in a row were as before' };
}

function later({ at }: Told, hours: number): string {
  return new Date(at.getTime() + hours * HOUR).toISOString();
}

function after(at: string, hours: number): string {
  return new Date(Date.parse(at) + hours * HOUR).toISOString();
}
