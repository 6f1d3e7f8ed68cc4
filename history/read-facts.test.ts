import { describe, expect, it } from 'vitest';
import { digestOf, releaseOf, type Json } from '#kernel';
import type { Fact } from '#ledger';
import { MemoryLedger } from '../testing/fakes/memory-ledger.ts';
import { appendFacts, appendUnless, asWritten, factsAbout, factsOf, type AnyFact, type KindOfFact } from './read-facts.ts';

const [one, other] = [digestOf('one'), digestOf('other')];
const at = '2026-03-01T12:00:00.000Z';
const release = releaseOf({ model: one, runtime: other });
/** As releases were written before they had stages. */
const unstaged = { model: one, runtime: other };
const estimate = { value: 0.1, interval: { low: 0, high: 0.2 }, method: 'counted', clusters: 3, n: 30 };
const place = { model: 'porch', site: 'lobby', chipset: 'edge', fleetCommit: 'f' };
const detection = { label: 'person', start: 1, end: 2, alarm: 1.5, peak: 0.9 };
const alarm = {
  model: 'porch',
  site: 'lobby',
  signal: 'event-rate',
  state: 'raised',
  raised: '2026-03-01',
  started: '2026-02-27',
  ended: null,
  why: null,
  statistic: 'e',
  slice: 'all',
  before: 1,
  since: 2,
  evidence: 130,
  needed: 120,
  falseAlarmRate: 0.05,
} as const;
const site = {
  site: 'lobby',
  chipset: 'edge',
  chipsetKey: one,
  variant: 'default',
  clips: 2,
  sample: ['a.mp4'],
  probability: 0.5,
};
const clip = { file: 'a.mp4', site: 'lobby', conditions: { light: 'night' }, seconds: 5, top: 0.9, margin: 0.1, label: null };
const arrived = {
  file: 'a.mp4',
  pin: one,
  bytes: 7,
  modifiedAt: at,
  site: 'lobby',
  capturedAt: at,
  night: '2026-03-01',
  conditions: {},
};

/** One of every kind, in today's form. */
const facts: { readonly [K in KindOfFact]: Extract<AnyFact, { kind: K }> } = {
  prediction: {
    kind: 'prediction',
    model: 'porch',
    head: 'h',
    candidate: release,
    reference: release,
    dataset: 'street',
    datasetDigest: one,
    metric: 'event-recall',
    research: null,
    field: estimate,
    basis: 'the prior alone',
    at,
    benches: [{ dataset: 'bench', metric: 'top1', gain: estimate }],
  },
  outcome: {
    kind: 'outcome',
    prediction: one,
    model: 'porch',
    dataset: 'street',
    metric: 'event-recall',
    field: estimate,
    places: [{ site: 'lobby', chipset: 'edge', field: estimate }],
  },
  realised: {
    kind: 'realised',
    model: 'porch',
    verdict: one,
    as: 'shadow',
    release,
    reference: release,
    site: 'lobby',
    chipset: 'edge',
    metric: 'event-recall',
    labelled: [one],
    from: '2026-03-01',
    to: '2026-03-02',
    field: estimate,
    at,
  },
  audit: {
    kind: 'audit',
    model: 'porch',
    head: 'h',
    policy: one,
    family: null,
    deployed: release,
    chipset: 'edge-box',
    runner: { name: 'process', sandboxed: false },
    seed: 1,
    falseFails: { count: 0, of: 20 },
    falsePasses: null,
    caught: { count: 19, of: 20 },
    changesCaught: null,
    gates: [{ gate: 'event-recall on street', wakesAt: 2 }],
    changes: [{ change: 'channels', strength: 'bgr for rgb', outcome: 'fail' }],
    left: [{ change: 'alignment', why: 'nothing is aligned' }],
    at,
  },
  completion: { kind: 'completion', model: 'porch', verdict: one, outcome: 'fail', at },
  evaluation: {
    kind: 'evaluation',
    model: 'porch',
    head: 'h',
    release,
    dataset: 'street',
    datasetDigest: one,
    variant: 'default',
    chipsetKey: other,
    threshold: null,
    task: 'events',
    taskVersion: 2,
    trials: 3,
    trialsDigest: one,
  },
  verdict: {
    kind: 'verdict',
    model: 'porch',
    base: 'b',
    head: 'h',
    tree: 't',
    policy: one,
    candidate: release,
    references: [{ release, role: 'baseline' }],
    history: 'change',
    outcome: 'pass',
    superior: true,
    seed: 1,
    runner: { name: 'process', sandboxed: false },
    findings: [{ metric: 'top1', where: 'bench baseline', outcome: 'pass', low: null, value: 0.1, high: null, method: 'Tango' }],
    at,
  },
  proposal: { kind: 'proposal', model: 'porch', verdict: one, repository: 'fleet', branch: 'b', commit: 'c' },
  merge: { kind: 'merge', model: 'porch', verdict: one, tree: 't', commit: 'c', at },
  deployment: {
    kind: 'deployment',
    model: 'porch',
    candidate: release,
    superior: true,
    verdict: one,
    proposal: 'b',
    branch: 'main',
    fleetCommit: 'f',
    wave: { number: 1, of: 2, places: [{ site: 'lobby', chipset: 'edge' }] },
    files: ['a.yaml'],
    waiver: null,
    at,
  },
  hold: { kind: 'hold', model: 'porch', release, verdict: one, site: null, by: 'A Person', reason: 'dark', at },
  revert: {
    kind: 'revert',
    model: 'porch',
    verdict: one,
    hold: other,
    site: null,
    reverts: ['f'],
    outcome: 'committed',
    fleetCommit: 'g',
    branch: 'main',
    edited: [],
    reason: 'dark',
    at,
  },
  waiver: { kind: 'waiver', model: 'porch', record: one, by: 'A Person', why: 'a lamp', until: '2026-03-31', at },
  rollout: { kind: 'rollout', ...place, state: 'healthy', reason: '', revision: null, at },
  verified: { kind: 'verified', ...place, outcome: 'pass', reason: '', at },
  arrival: { kind: 'arrival', model: 'porch', place: '../footage', clips: [arrived], at },
  replaced: { kind: 'replaced', model: 'porch', file: 'a.mp4', was: one, now: other },
  night: {
    kind: 'night',
    model: 'porch',
    arrival: one,
    night: '2026-03-01',
    question: other,
    sites: [{ ...site, release, candidate: null }],
    clips: [{ ...clip, detections: [detection], disagreement: null }],
    setAside: [{ file: 'b.mp4', why: 'it is cut' }],
  },
  labelled: {
    kind: 'labelled',
    model: 'porch',
    of: one,
    night: '2026-03-01',
    site: 'lobby',
    clips: [{ file: 'a.mp4', conditions: {}, truth: 1, found: 1, probability: 0.5 }],
    unusable: [],
    at,
  },
  iteration: {
    kind: 'iteration',
    model: 'porch',
    verdict: one,
    head: 'h',
    commits: { count: 2, first: at, last: at },
    queued: at,
    began: at,
    built: { from: at, to: at },
    answers: [other],
  },
  stamped: { kind: 'stamped', model: 'porch', verdict: one, by: 'deploy', steps: [{ step: 'deploy began', at }] },
  shipment: {
    kind: 'shipment',
    model: 'door',
    placement: 'hybrid',
    commit: 'c',
    release: { stages: { find: { model: one, runtime: other }, visits: { model: other, runtime: null } } },
    judged: [{ stage: 'find', verdict: one, waiver: null }],
    places: [{ stage: 'find', site: 'lobby', chipset: 'edge' }],
    at,
  },
  shipped: {
    kind: 'shipped',
    model: 'door',
    shipment: one,
    fleetCommit: 'f',
    state: 'healthy',
    reason: '',
    revertedBy: null,
    at,
  },
  shift: { kind: 'shift', ...alarm },
  drift: { kind: 'drift', ...alarm },
  told: { kind: 'told', model: 'porch', of: one },
  harvest: {
    kind: 'harvest',
    model: 'porch',
    of: one,
    night: '2026-03-01',
    path: 'labels/a.yaml',
    branch: 'b',
    commit: 'c',
    clips: [{ file: 'a.mp4', pin: one, site: 'lobby', why: 'random sample', probability: null }],
  },
};

const newest = (kind: KindOfFact) => (['verdict', 'prediction', 'outcome', 'labelled', 'iteration'].includes(kind) ? 3 : 2);

/** The same as it was written before facts said their version. */
function firstForm(fact: AnyFact): Fact {
  const { version: _version, task: _task, taskVersion, benches: _benches, places: _places, ...written } = asWritten(fact);
  const first = Object.fromEntries(Object.entries(written).filter(([name]) => fact.kind !== 'labelled' || name !== 'at'));
  if (fact.kind === 'verdict') return unstage({ ...first, findings: withoutMethods(fact.findings) }) as Fact;
  return unstage({ ...first, ...(fact.kind === 'evaluation' && { metricVersion: taskVersion ?? null }) }) as Fact;
}

function withoutMethods(findings: Extract<AnyFact, { kind: 'verdict' }>['findings']): Json {
  return findings.map(({ method: _method, ...finding }) => finding);
}

/** What records of before did not tell. */
const UNTOLD: Readonly<Partial<Record<KindOfFact, object>>> = {
  prediction: { benches: [] },
  outcome: { places: [] },
  labelled: { at: null },
};
/** Kinds that there were not when facts did not say their version yet. */
const NEWER: readonly KindOfFact[] = ['realised', 'iteration', 'stamped', 'shipment', 'shipped'];

function unstage(value: Json): Json {
  if (Array.isArray(value)) return value.map((item) => unstage(item as Json));
  if (value === null || typeof value !== 'object') return value;
  if ('stages' in value) return unstaged;
  return Object.fromEntries(Object.entries(value).map(([name, field]) => [name, unstage(field)]));
}

function asReadOfFirst(fact: AnyFact): AnyFact {
  if (fact.kind === 'evaluation') return { ...fact, task: null };
  return fact.kind === 'verdict' ? { ...fact, findings: fact.findings.map((finding) => ({ ...finding, method: null })) } : fact;
}

async function read<K extends KindOfFact>(kind: K, ...written: readonly Fact[]) {
  const ledger = new MemoryLedger();
  await ledger.append(written);
  return factsOf(await ledger.entries(), kind).map(({ fact }) => fact);
}

const kinds = Object.values(facts).map((fact) => [fact.kind, fact] as const);

describe('a fact of the kind', () => {
  it.each(kinds)('%s is read as it was written', async (kind, fact) => {
    const written = asWritten(fact);
    expect(written['version']).toBe(newest(kind));
    expect(await read(kind, written)).toEqual([fact]);
  });

  it.each(kinds.filter(([kind]) => !NEWER.includes(kind)))(
    "%s is read in today's form where it says no version",
    async (kind, fact) => {
      expect(await read(kind, firstForm(fact))).toEqual([{ ...asReadOfFirst(fact), ...UNTOLD[kind] }]);
    },
  );

  it('verdict is read without the methods of its intervals where it says none', async () => {
    const { verdict } = facts;
    const second = { ...asWritten(verdict), version: 2, findings: withoutMethods(verdict.findings) };
    expect(await read('verdict', second)).toEqual([asReadOfFirst(verdict)]);
  });

  it.each([
    [null, null],
    [at, { from: at, to: at }],
  ])('iteration is read with its build from its beginning on where it says the end alone: %s', async (built, expected) => {
    const second = { ...asWritten(facts.iteration), version: 2, built };
    expect(await read('iteration', second)).toEqual([{ ...facts.iteration, built: expected }]);
  });

  it.each(kinds)('%s is not read where a newer Fieldproof wrote it', async (kind, fact) => {
    const newer = { ...asWritten(fact), version: newest(kind) + 1 };
    const [record] = await new MemoryLedger().append([newer]);
    await expect(read(kind, newer)).rejects.toMatchObject({
      problems: [
        {
          file: 'the ledger',
          field: record,
          message: `it is a ${kind} of version ${newest(kind) + 1}, and this Fieldproof knows none above ${newest(kind)}`,
          remedy: 'read this ledger with the version of Fieldproof that wrote it, or a newer one',
        },
      ],
    });
  });

  it.each(kinds)('%s is not read with a field too many or too few; the record is named', async (kind, fact) => {
    const { model: _model, ...less } = asWritten(fact);
    for (const malformed of [{ ...asWritten(fact), extra: 1 }, less]) {
      const [record] = await new MemoryLedger().append([malformed]);
      await expect(read(kind, malformed)).rejects.toMatchObject({
        problems: [{ field: record, message: expect.stringMatching(`^it is no ${kind} as Fieldproof writes it: `) }],
      });
    }
  });
});

describe('the reader', () => {
  it.each<[string, Json]>([
    ['a word', '2'],
    ['null', null],
    ['below the first', 0],
    ['between two', 1.5],
    ['a name that every object has', 'constructor'],
  ])('knows no version that is %s', async (_, version) => {
    await expect(read('told', { ...asWritten(facts.told), version })).rejects.toThrow(/it is a told of version/);
  });

  it('shows nothing of a record that could write lines of its own', async () => {
    const hostile = { ...asWritten(facts.told), version: '\n::error::' };
    await expect(read('told', hostile)).rejects.toThrow(/^(?![^]*\n::error::)/);
  });

  it('reads only what is asked for: another kind may be of any version', async () => {
    expect(await read('told', asWritten(facts.told), { ...asWritten(facts.hold), version: 9 }, { kind: 'of tomorrow' })).toEqual([
      facts.told,
    ]);
  });

  it('gives facts oldest first, each with its record and place; those of one model where one is named', async () => {
    const ledger = new MemoryLedger();
    const ids = await appendFacts(ledger, [facts.told, { ...facts.told, model: 'door' }, { ...facts.told, of: other }]);
    const entries = await ledger.entries();
    expect(factsOf(entries, 'told').map(({ id, seq }) => [id, seq])).toEqual(ids.map((id, index) => [id, index + 1]));
    expect(factsAbout(entries, 'porch', 'told').map(({ seq }) => seq)).toEqual([1, 3]);
  });

  it('lets a waiver or a wave be left out, and keeps it left out', async () => {
    const { wave: _wave, files: _files, waiver: _waiver, ...bare } = facts.deployment;
    const [found] = await read('deployment', asWritten(bare));
    expect(found).toEqual(bare);
    expect(Object.keys(found ?? {})).not.toContain('wave');
  });

  it('appends unless it is known', async () => {
    const ledger = new MemoryLedger();
    const isKnown = (entries: Parameters<typeof factsOf>[0]) => factsOf(entries, 'told').length > 0;
    expect(await appendUnless(ledger, isKnown, [facts.told])).toHaveLength(1);
    expect(await appendUnless(ledger, isKnown, [{ ...facts.told, of: other }])).toBeNull();
  });
});
