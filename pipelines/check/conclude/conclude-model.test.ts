import { describe, expect, it } from 'vitest';
import { appendFacts, factsOf } from '#history';
import { digestOf } from '#kernel';
import { MemoryFleet } from '../../../testing/fakes/memory-fleet.ts';
import { finding } from '../../../testing/reports/report-findings.ts';
import { deploy, fleetConfig, memoryCheck, memoryConfig, type MemoryCheck } from '../../../testing/worlds/memory-check.ts';
import { releaseNamed } from '../../../testing/worlds/named-releases.ts';
import type { Judgement } from '../judge/judge-model.ts';
import { concludeModel } from './conclude-model.ts';
import { headlineOf } from './headline.ts';

const runner = { name: 'process', sandboxed: false } as const;
const found = (...outcomes: ('pass' | 'fail' | 'inconclusive')[]): Judgement => ({
  findings: outcomes.map((outcome) => finding({ gain: 0, half: 0.01, candidate: 0.9, reference: 0.9 }, { outcome })),
  latency: [],
  exhibits: [],
  prediction: null,
  notes: ['judged'],
});

async function besideFleet(config = memoryConfig(fleetConfig)) {
  const fleet = new MemoryFleet();
  const commit = await deploy(fleet, config, 'old');
  return { fleet, deployed: commit, check: await memoryCheck({ config, ports: { openFleet: () => fleet } }) };
}

const conclude = (check: MemoryCheck, judgement: Judgement | null, mayRun = true) =>
  concludeModel({ judgement, modelChange: check.modelChange, planned: check.planned, runner }, { ...check.context, mayRun });

const kindsIn = async ({ ports }: MemoryCheck) => (await ports.ledger.entries()).map(({ record }) => record.fact.kind);

describe('the conclusion of a check', () => {
  it.each<['pass' | 'fail' | 'inconclusive', Judgement, readonly string[]]>([
    ['pass', found('pass', 'pass'), ['verdict', 'iteration', 'proposal']],
    ['fail', found('pass', 'fail', 'inconclusive'), ['verdict', 'iteration']],
    ['inconclusive', found('pass', 'inconclusive'), ['verdict', 'iteration', 'proposal']],
  ])('that is %s is recorded, and then proposed unless it fails', async (outcome, judgement, kinds) => {
    const { check, fleet } = await besideFleet();
    const report = await conclude(check, judgement);
    expect(report.outcome).toBe(outcome);
    expect(await kindsIn(check)).toEqual(kinds);
    const { commit } = await fleet.snapshot('fieldproof/porch/head');
    expect(commit).toBe(report.proposal?.commit ?? null);
  });

  it('names its record, and what it was compared with', async () => {
    const { check } = await besideFleet();
    const report = await conclude(check, found('pass'));
    const [verdict] = factsOf(await check.ports.ledger.entries(), 'verdict');
    expect(report.record).toBe(verdict?.id);
    expect(report.baselines).toEqual([{ release: releaseNamed('old'), chipsets: ['edge'], commit: null }]);
    expect(report.notes).toContain('judged');
  });

  it('deploys nothing: the proposal is a commit on what is deployed, on a branch of its own', async () => {
    const { check, fleet, deployed } = await besideFleet();
    const { proposal } = await conclude(check, found('pass'));
    expect((await fleet.snapshot('main')).commit).toBe(deployed);
    const proposed = await fleet.snapshot(proposal?.branch ?? '');
    expect(proposed).toMatchObject({ parent: deployed, message: expect.stringMatching(/^Deploy porch at head\n/) });
    const written = await Promise.all(((await proposed.changedSince(deployed ?? '')) ?? []).map((path) => proposed.read(path)));
    expect(written.join('\n')).toContain(digestOf('better'));
  });

  it('of what is deployed already is a pass without findings, and proposes nothing', async () => {
    const { check, fleet } = await besideFleet();
    const report = await conclude(check, null);
    expect(report).toMatchObject({ outcome: 'pass', history: 'unchanged', findings: [], proposal: null });
    expect(await kindsIn(check)).toEqual(['verdict']);
    expect((await fleet.snapshot('fieldproof/porch/head')).commit).toBeNull();
  });

  it('is not proposed where the release is held, and says by whom', async () => {
    const { check } = await besideFleet();
    const hold = {
      kind: 'hold',
      model: 'porch',
      release: releaseNamed('better'),
      verdict: digestOf('a verdict'),
      site: null,
    } as const;
    await appendFacts(check.ports.ledger, [{ ...hold, by: 'A Person', reason: 'the lobby is dark', at: '2026-03-01T00:00:00Z' }]);
    const report = await conclude(check, found('pass'));
    expect(report.proposal).toBeNull();
    expect(report.notes.at(-1)).toMatch(/^Not proposed to the fleet: held since 2026-03-01 by A Person: the lobby is dark/);
  });

  it('is proposed nowhere without a fleet', async () => {
    const check = await memoryCheck();
    expect((await conclude(check, found('pass'))).proposal).toBeNull();
    expect(await kindsIn(check)).toEqual(['verdict', 'iteration']);
  });

  it('replaces its own proposal when it is made again', async () => {
    const { check, fleet } = await besideFleet();
    const first = await conclude(check, found('pass'));
    const again = await conclude(check, found('inconclusive'));
    expect(again.proposal?.branch).toBe(first.proposal?.branch);
    expect((await fleet.snapshot(first.proposal?.branch ?? '')).commit).toBe(again.proposal?.commit);
  });

  it('that is a pass after a fail of the same says so, and how it is deployed all the same', async () => {
    const { check } = await besideFleet();
    const failed = await conclude(check, found('fail'));
    const passed = await conclude(check, found('pass'));
    expect(passed.failedBefore).toEqual({ record: failed.record, on: expect.stringMatching(/^\d{4}-\d{2}-\d{2}$/) });
    expect(headlineOf([passed])).toMatch(
      /^porch passes: .*\. But the same release failed on the same data on [\d-]+: it is not deployed until/,
    );
    expect(failed).not.toHaveProperty('failedBefore');
  });

  it('shows no clip at the sites where no model may run, and says so', async () => {
    const config = memoryConfig(`${fleetConfig}  verify: { dataset: street, clip: 0.mp4 }\n`);
    const { check } = await besideFleet(config);
    const report = await conclude(check, found('pass'), false);
    expect(report.proposal).not.toHaveProperty('clip');
    expect(report.notes.at(-1)).toMatch(/^No clip will be shown to the model at its sites/);
    const other = await besideFleet(config);
    expect((await conclude(other.check, found('pass'))).proposal?.clip).toEqual({
      image: 'registry.example/acme/fieldproof-clips',
      digest: digestOf('clip 0.mp4'),
    });
  });
});
