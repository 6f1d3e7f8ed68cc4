import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { JudgedFleet } from '../../testing/worlds/judged-fleet.ts';
import { judgedFleets } from '../../testing/worlds/judged-fleets.ts';
import { startGitServer } from '../../testing/rig/git-server.ts';
import { failed, healthy, ScriptedWatcher } from '../../testing/fakes/scripted-watcher.ts';
import type { Deployments, PullRequests } from '../../codehost/code-host.ts';
import { acceptRecord } from './accept-record.ts';
import { rollBackByHand } from './roll-back-by-hand.ts';
import { systemClock } from '#kernel';

const { keep, merged } = judgedFleets();

const running = (fleet: JudgedFleet, branch?: string) => fleet.running('porch', ['old', 'new', 'newer'], branch);
const everywhere = (word: string) => ({ 'garden-oslo': word, 'lobby-berlin': word, 'cloud-eu': word });

/** A site whose controller fails while the release is on it, and does something else first. */
function failingAt(fleet: JudgedFleet, site: string, before: () => void = () => {}): ScriptedWatcher {
  return new ScriptedWatcher((target) => {
    if (target.site !== site || running(fleet)[site] === 'old') return healthy(target);
    before();
    return failed(target);
  });
}

async function factOf(fleet: JudgedFleet, kind: string) {
  return (await fleet.ledger.entries()).findLast(({ record }) => record.fact.kind === kind)?.record;
}

const byHand = { ref: 'merged', model: 'porch', site: null, by: 'Platform <platform@example.com>', why: 'the porch is dark' };

describe('a release that fails', () => {
  it('in its second wave is taken back by one commit, at the sites that were healthy too, and watched on its way', async () => {
    const fleet = await merged();
    const told: string[] = [];
    const deployments: Deployments = {
      record: ({ environment, state }) => Promise.resolve({ id: told.push(`${environment.split('/')[1]} ${state}`) }),
    };
    const watcher = failingAt(fleet, 'cloud-eu');
    const [landing] = await fleet.deploy({}, { watcher, deployments });
    expect(landing).toMatchObject({
      state: 'reverted',
      reason: expect.stringMatching(
        /^cloud-eu \(cloud\) is failed: HealthCheckFailed.*; taken back by \w{12}: healthy at lobby-berlin, cloud-eu/,
      ),
    });
    expect(running(fleet)).toEqual(everywhere('old'));
    expect(fleet.subjects().slice(0, 3)).toEqual([
      expect.stringMatching(/^Revert porch to what ran before \w{12}$/),
      'Deploy porch at new: wave 2 of 3',
      'Deploy porch at new: wave 1 of 3',
    ]);
    expect(fleet.git('diff', 'main', 'main~3')).toBe('');
    const trailers = fleet.git('log', '-1', '--format=%(trailers)').split('\n');
    expect(trailers).toContain(`Fieldproof-Reverts: ${fleet.git('rev-parse', 'main~2')} ${fleet.git('rev-parse', 'main~1')}`);
    expect((await fleet.kinds()).slice(7)).toEqual([
      'merge',
      'stamped',
      'deployment',
      'rollout',
      'deployment',
      'rollout',
      'hold',
      'revert',
      'rollout',
      'rollout',
    ]);
    expect(await factOf(fleet, 'rollout')).toMatchObject({ fact: { fleetCommit: fleet.git('rev-parse', 'main') } });
    expect(told).toEqual([
      ...['lobby-berlin', 'cloud-eu', 'garden-oslo'].map((site) => `${site} queued`),
      'lobby-berlin in_progress',
      'lobby-berlin success',
      'cloud-eu in_progress',
      'cloud-eu failure',
      'lobby-berlin inactive',
      'cloud-eu inactive',
      'lobby-berlin success',
      'cloud-eu success',
    ]);
  });

  it('is refused from then on, until somebody answers for it', async () => {
    const fleet = await merged();
    await fleet.deploy({}, { watcher: failingAt(fleet, 'lobby-berlin') });
    const tip = fleet.git('rev-parse', 'main');
    const [refused] = await fleet.deploy({}, { watcher: new ScriptedWatcher() });
    expect(refused).toMatchObject({
      state: 'refused',
      reason: expect.stringMatching(/^held since .* is failed: HealthCheckFailed.*fieldproof accept --record/),
    });
    expect(fleet.git('rev-parse', 'main')).toBe(tip);
    const [, record = ''] = /--record (\w+)/.exec(refused?.reason ?? '') ?? [];
    const until = new Date().toISOString().slice(0, 10);
    await acceptRecord(
      { record, by: 'Platform', why: 'the node was broken', until },
      { ledger: fleet.ledger, clock: systemClock },
    );
    expect(await fleet.deploy({ wait: 'always' }, { watcher: new ScriptedWatcher() })).toMatchObject([{ state: 'healthy' }]);
    expect(running(fleet)).toEqual(everywhere('new'));
  });

  it('that nothing ran before goes away again, and leaves what other models stand on', async () => {
    const fleet = keep(new JudgedFleet({ models: ['porch', 'door'] }));
    await fleet.judge('porch', 'new');
    const watcher = new ScriptedWatcher(failed);
    expect(await fleet.deploy({ model: 'porch' }, { watcher })).toMatchObject([{ state: 'reverted' }]);
    expect(fleet.git('ls-tree', '-r', '--name-only', 'main').split('\n')).toEqual(['clusters/lobby-berlin/fieldproof.yaml']);
  });

  it('and was edited by hand in between becomes a branch or a pull request, and the edit stays', async () => {
    for (const withHost of [false, true]) {
      const fleet = await merged();
      const edited = 'apps/porch/overlays/lobby-berlin/edge/deployment.yaml';
      fleet.edit(edited, (text) => `${text}\n# before\n`);
      await fleet.judge('porch', 'newer');
      const edit = () => void fleet.edit(edited, (text) => `${text}\n# by hand\n`);
      const proposed: Parameters<PullRequests['propose']>[0][] = [];
      const pullRequests = {
        propose: (proposal: (typeof proposed)[0]) =>
          Promise.resolve({ number: proposed.push(proposal), url: 'https://git.example/1' }),
      };
      const watcher = failingAt(fleet, 'lobby-berlin', edit);
      const [landing] = await fleet.deploy({}, { watcher, pullRequests: withHost ? pullRequests : null });
      const branch = fleet.git('for-each-ref', '--format=%(refname:short)', 'refs/heads/fieldproof/revert');
      expect(landing).toMatchObject({
        state: 'failed',
        reason: expect.stringContaining(`edited by hand since, and left as they are: ${edited}`),
      });
      expect(landing?.reason).toContain(
        withHost ? 'pull request #1: https://git.example/1' : `${branch} in ../fleet.git: open a pull request`,
      );
      expect(proposed.map(({ head, base }) => [head, base])).toEqual(withHost ? [[branch, 'main']] : []);
      expect(running(fleet)['lobby-berlin']).toBe('newer');
      expect(running(fleet, branch)['lobby-berlin']).toBe('old');
      expect(fleet.git('show', `${branch}:${edited}`)).toContain('# by hand');
      expect(await fleet.deploy({}, { watcher: new ScriptedWatcher() })).toMatchObject([{ state: 'refused' }]);
    }
  });

  it('is left alone while a newer release of the model is on its way', async () => {
    const fleet = await merged();
    const overtaken = new ScriptedWatcher(async (target) => {
      await fleet.judge('porch', 'newer');
      await fleet.deploy();
      return failed(target);
    });
    const [landing] = await fleet.deploy({}, { watcher: overtaken });
    expect(landing).toMatchObject({
      state: 'failed',
      reason: expect.stringMatching(/; not taken back: a newer release of porch has written \S+ since$/),
    });
    expect(running(fleet)).toEqual({ ...everywhere('old'), 'lobby-berlin': 'newer' });
    expect((await factOf(fleet, 'revert'))?.fact).toMatchObject({ outcome: 'left', fleetCommit: null });
  });
});

describe('a rollback that is ended', () => {
  it.each(['commit', 'revert'])('before its %s is finished by the next deploy, once', async (kind) => {
    const fleet = await merged();
    const { ledger } = fleet;
    const dying: typeof ledger = {
      entries: () => ledger.entries(),
      verify: () => ledger.verify(),
      signsAs: () => ledger.signsAs(),
      sharedHead: () => ledger.sharedHead(),
      appendUnless: (isKnown, facts) => ledger.appendUnless(isKnown, facts),
      append: async (facts) =>
        facts.some((fact) => fact.kind === 'revert') ? Promise.reject(new Error('killed')) : await ledger.append(facts),
    };
    const dead = () => {
      throw new Error('killed');
    };
    const ports =
      kind === 'revert'
        ? { ledger: dying }
        : {
            openFleet: () => ({
              ...fleetOf(fleet),
              commit: (change: Change) => (change.message.startsWith('Revert') ? dead() : fleet.fleet().commit(change)),
            }),
          };
    await expect(fleet.deploy({}, { watcher: failingAt(fleet, 'lobby-berlin'), ...ports })).rejects.toThrow('killed');
    expect(await factOf(fleet, 'revert')).toBeUndefined();
    expect(await fleet.deploy({}, { watcher: new ScriptedWatcher() })).toMatchObject([{ state: 'reverted' }]);
    expect(running(fleet)).toEqual(everywhere('old'));
    expect(fleet.subjects()).toHaveLength(3);
    expect(await factOf(fleet, 'revert')).toMatchObject({
      fact: { outcome: 'committed', fleetCommit: fleet.git('rev-parse', 'main') },
    });
    expect(await fleet.deploy()).toMatchObject([{ state: 'refused' }]);
  });
});

type Change = Parameters<ReturnType<JudgedFleet['fleet']>['commit']>[0];

function fleetOf(judged: JudgedFleet): ReturnType<JudgedFleet['fleet']> {
  const fleet = judged.fleet();
  return {
    snapshot: (branch) => fleet.snapshot(branch),
    at: (branch, commit) => fleet.at(branch, commit),
    commit: (change) => fleet.commit(change),
    land: (branch, commit, expected) => fleet.land(branch, commit, expected),
  };
}

describe('a protected branch', () => {
  it('is told from a race: a deploy says what to set, and a rollback waits on a branch', async () => {
    const fleet = await merged();
    const server = await startGitServer(fleet.folder);
    keep({ remove: () => void server.close() });
    fleet.location = server.url('fleet');
    expect(await fleet.deploy()).toMatchObject([{ state: 'waiting' }]);
    const hook = '#!/bin/sh\n[ "$1" != refs/heads/main ] || { echo "main is protected" >&2; exit 1; }\n';
    writeFileSync(path.join(fleet.repository, 'hooks/update'), hook, { mode: 0o755 });
    const before = fleet.git('rev-parse', 'main');
    await expect(fleet.deploy({ wait: 'never' })).rejects.toThrow(
      /main does not take this commit: .*refuses a push to main: hook declined; main is protected[\s\S]*deploy\.mode: pull-request/,
    );
    const landing = await rollBackByHand(byHand, fleet.portsWith());
    expect(landing).toMatchObject({
      state: 'failed',
      reason: expect.stringContaining('(main is protected), fieldproof/revert/porch/'),
    });
    expect(fleet.git('rev-parse', 'main')).toBe(before);
    expect(running(fleet, `fieldproof/revert/porch/${before.slice(0, 12)}`)).toEqual(everywhere('old'));
  });
});

describe('fieldproof rollback', () => {
  it('takes the last release back by hand, everywhere or at one site, and holds it', async () => {
    const fleet = await merged();
    await fleet.deploy({ wait: 'never' });
    const site = await rollBackByHand({ ...byHand, site: 'garden-oslo' }, fleet.portsWith({ watcher: new ScriptedWatcher() }));
    expect(site).toMatchObject({ state: 'reverted', reason: expect.stringContaining('healthy at garden-oslo') });
    expect(running(fleet)).toEqual({ ...everywhere('new'), 'garden-oslo': 'old' });
    const all = await rollBackByHand(byHand, fleet.portsWith());
    expect(all).toMatchObject({
      state: 'reverted',
      reason: expect.stringMatching(/^the porch is dark; taken back by \w{12}: not watched/),
    });
    expect(running(fleet)).toEqual(everywhere('old'));
    expect(await fleet.deploy()).toMatchObject([{ state: 'refused' }]);
    expect((await factOf(fleet, 'hold'))?.fact).toMatchObject({ by: byHand.by, reason: byHand.why });
  });

  it('knows what it cannot take back', async () => {
    const fleet = keep(new JudgedFleet());
    await expect(rollBackByHand(byHand, fleet.portsWith())).rejects.toThrow(
      'knows of no release of porch that could be taken back',
    );
    await expect(rollBackByHand({ ...byHand, model: 'door' }, fleet.portsWith())).rejects.toThrow('no model is named door');
    await expect(rollBackByHand({ ...byHand, site: 'moon' }, fleet.portsWith())).rejects.toThrow('no site is named moon');
    expect(await fleet.kinds()).toEqual([]);
  });
});
