import { beforeEach, describe, expect, it } from 'vitest';
import { silentProgress, type Digest } from '#kernel';
import type { Rollout, RolloutTarget } from '#gitops';
import { MemoryLedger } from '../../testing/fakes/memory-ledger.ts';
import type { Deployments } from '../../codehost/code-host.ts';
import { recordRollouts, type RecordPorts } from './record-rollouts.ts';

const COMMIT = 'a'.repeat(40);
const digest: Digest = `sha256:${'1'.repeat(64)}`;
const target: RolloutTarget = {
  controller: 'flux',
  model: 'porch',
  site: 'gate-oslo',
  chipset: 'orin',
  context: null,
  object: { namespace: 'flux-system', name: 'porch.orin' },
  pods: null,
  branch: 'main',
  commit: COMMIT,
  digests: { model: [digest], runtime: null },
  timeout: 1,
};
const before: Rollout = { state: 'progressing', reason: 'still at an older one', revision: `main@sha1:${'b'.repeat(40)}` };
const begun: Rollout = { state: 'progressing', reason: 'Running health checks', revision: `main@sha1:${COMMIT}` };
const healthy: Rollout = { ...begun, state: 'healthy', reason: 'Applied' };
const unknown: Rollout = { state: 'unknown', reason: 'connection refused', revision: null };

let ledger: MemoryLedger;
let told: string[];
let minute: number;
beforeEach(() => {
  ledger = new MemoryLedger();
  told = [];
  minute = 0;
});

const ports = (deployments: Deployments | null = null): RecordPorts => ({
  ledger,
  clock: { now: () => new Date(Date.UTC(2026, 0, 2, 3, (minute += 1))), elapsed: () => 0, sleep: () => Promise.resolve() },
  progress: { ...silentProgress, note: (text) => told.push(text) },
  deployments,
});

async function record(
  rollouts: readonly Rollout[],
  deployments: Deployments | null = null,
  source: string | null = 'c'.repeat(40),
) {
  const recorder = await recordRollouts(() => source, ports(deployments));
  for (const rollout of rollouts) recorder.onChange(target, rollout);
  await recorder.flush();
  return recorder;
}
const facts = async () => (await ledger.entries()).map(({ record: { fact } }) => [fact['state'], fact['reason']]);

describe('rollouts in the ledger', () => {
  it('are there once for each state, and once when the controller begins with the commit', async () => {
    const words = { ...before, reason: 'other words' };
    await record([before, words, begun, { ...begun, reason: 'more words' }, healthy]);
    expect(await facts()).toEqual([
      ['progressing', 'still at an older one'],
      ['progressing', 'Running health checks'],
      ['healthy', 'Applied'],
    ]);
  });

  it('are not there again when the same is seen by another run', async () => {
    await record([before, healthy]);
    const written = await ledger.entries();
    const recorder = await record([healthy]);
    expect(await ledger.entries()).toEqual(written);
    expect(recorder.stateOf(target)?.since).toBe(written.at(-1)?.record.fact['at']);
  });

  it('are there again when they come back', async () => {
    await record([healthy, unknown, healthy]);
    expect((await facts()).map(([state]) => state)).toEqual(['healthy', 'unknown', 'healthy']);
  });

  it('say since when, through words that change', async () => {
    const recorder = await record([before, begun]);
    expect(recorder.stateOf(target)?.since).toBe('2026-01-02T03:01:00.000Z');
  });

  it('say once for each answer how a clip was answered, whoever saw it', async () => {
    const passed: Rollout = { ...healthy, replay: 'pass' };
    await record([begun, passed, passed]);
    await record([passed]);
    const verified = (await ledger.entries()).filter(({ record: { fact } }) => fact.kind === 'verified');
    expect(verified.map(({ record: { fact } }) => fact)).toEqual([
      expect.objectContaining({ site: 'gate-oslo', chipset: 'orin', fleetCommit: COMMIT, outcome: 'pass', reason: 'Applied' }),
    ]);
    await record([{ ...begun, state: 'failed', replay: 'fail' }]);
    expect((await ledger.entries()).map(({ record: { fact } }) => fact.kind).slice(-2)).toEqual(['verified', 'rollout']);
  });

  it('that cannot be written are an error at the end', async () => {
    const recorder = await recordRollouts(() => null, {
      ...ports(),
      ledger: Object.assign(new MemoryLedger(), { append: () => Promise.reject(new Error('disk full')) }),
    });
    recorder.onChange(target, healthy);
    await expect(recorder.flush()).rejects.toThrow('disk full');
  });
});

describe('rollouts on a code host', () => {
  const shown: unknown[] = [];
  const host: Deployments = { record: (deployment) => Promise.resolve({ id: shown.push(deployment) }) };

  it('are deployments of the commit that was judged, by environment', async () => {
    await record([before, healthy, unknown], host);
    const common = { commit: 'c'.repeat(40), environment: 'porch/gate-oslo/orin', url: null };
    expect(shown).toEqual([
      { ...common, state: 'in_progress', description: 'still at an older one' },
      { ...common, state: 'success', description: 'Applied' },
    ]);
  });

  it('keep nothing waiting: a host that does not answer is spoken of, and the ledger has it', async () => {
    await record([healthy], { record: () => Promise.reject(new Error('503')) });
    expect(told).toEqual(['the code host was not told that porch is success at gate-oslo: 503']);
    expect(await facts()).toHaveLength(1);
  });

  it('are not shown where nobody knows which commit it is', async () => {
    shown.length = 0;
    await record([healthy], host, null);
    expect(shown).toEqual([]);
  });
});
