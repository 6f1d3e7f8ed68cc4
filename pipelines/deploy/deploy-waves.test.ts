import { describe, expect, it } from 'vitest';
import type { JudgedFleet } from '../../testing/worlds/judged-fleet.ts';
import { judgedFleets } from '../../testing/worlds/judged-fleets.ts';
import { healthy, ScriptedWatcher, unknown } from '../../testing/fakes/scripted-watcher.ts';
import { appendFacts } from '../../history/read-facts.ts';

const { merged } = judgedFleets();

const running = (fleet: JudgedFleet, branch?: string) => fleet.running('porch', ['old', 'new'], branch);
const short = (fleet: JudgedFleet, revision: string) => fleet.git('rev-parse', revision).slice(0, 7);
const everywhere = (word: string) => ({ 'garden-oslo': word, 'lobby-berlin': word, 'cloud-eu': word });

describe('waves', () => {
  it('reach the canary first and then chipset by chipset, each after the one before is healthy at its commit', async () => {
    const fleet = await merged();
    const seen: Record<string, string>[] = [];
    const watcher = new ScriptedWatcher((target) => {
      seen.push(running(fleet));
      return healthy(target);
    });
    const [landing] = await fleet.deploy({ wait: 'always' }, { watcher });
    expect(landing).toMatchObject({
      state: 'healthy',
      reason: expect.stringMatching(/^main is at \w{12}, healthy at garden-oslo$/),
    });
    expect(seen).toEqual([
      { ...everywhere('old'), 'lobby-berlin': 'new' },
      { ...everywhere('new'), 'garden-oslo': 'old' },
      everywhere('new'),
    ]);
    const commits = ['main~2', 'main~1', 'main'].map((revision) => short(fleet, revision));
    expect(watcher.places).toEqual([`lobby-berlin@${commits[0]}`, `cloud-eu@${commits[1]}`, `garden-oslo@${commits[2]}`]);
    expect(fleet.subjects().slice(0, 3)).toEqual([3, 2, 1].map((wave) => `Deploy porch at new: wave ${wave} of 3`));
    const changed = fleet.git('diff', '--name-only', 'main~1', 'main').split('\n');
    expect(changed.filter((file) => !file.includes('garden-oslo'))).toEqual([]);
  });

  it('write down every step with its time, and the same once when run again', async () => {
    const fleet = await merged();
    const deploy = () => fleet.deploy({ wait: 'always' }, { watcher: new ScriptedWatcher() });
    await deploy();
    const facts = (await fleet.ledger.entries()).map(({ record }) => record.fact).slice(7);
    expect(facts.map(({ kind }) => kind)).toEqual([
      'merge',
      'stamped',
      ...Array.from({ length: 3 }, () => ['deployment', 'rollout']).flat(),
    ]);
    expect(facts.every(({ kind, at }) => kind === 'stamped' || (typeof at === 'string' && !Number.isNaN(Date.parse(at))))).toBe(
      true,
    );
    expect(facts[3]).toMatchObject({ site: 'lobby-berlin', state: 'healthy', fleetCommit: fleet.git('rev-parse', 'main~2') });
    expect(await deploy()).toMatchObject([{ state: 'healthy' }]);
    expect(fleet.subjects()).toHaveLength(4);
    // The tip is watched, for the controllers have moved on to it: of two sites that is news.
    expect((await fleet.kinds()).filter((kind) => kind === 'deployment')).toHaveLength(4);
  });

  it('are shown on the code host by the next run where it did not answer, once, and not for a later commit', async () => {
    const fleet = await merged({ sites: [{ name: 'lobby-berlin', chipset: 'edge' }] });
    const told: string[] = [];
    const record = ({ commit, state }: { commit: string; state: string }) => {
      told.push(`${state} at ${commit.slice(0, 1)}`);
      return told.length < 3 ? Promise.reject(new Error('no answer')) : Promise.resolve({ id: told.length });
    };
    await fleet.deploy({}, { deployments: { record } });
    await fleet.deploy({}, { deployments: { record } });
    expect(told).toEqual(['queued at c', 'in_progress at c', 'in_progress at c']);
    const { repository } = fleet.portsWith();
    const later = { ...repository, resolve: () => Promise.resolve('d'.repeat(40)) };
    await fleet.deploy({}, { deployments: { record }, repository: later });
    expect(told).toHaveLength(3);
  });

  it('stop at a site that does not answer, and go past it only when asked to', async () => {
    const fleet = await merged({
      sites: [
        { name: 'lobby-berlin', chipset: 'edge', canary: true },
        { name: 'gate-rome', chipset: 'edge', canary: true },
        { name: 'cloud-eu', chipset: 'cloud' },
      ],
    });
    const watcher = new ScriptedWatcher((target) => (target.site === 'gate-rome' ? unknown(target) : healthy(target)));
    const [stopped] = await fleet.deploy({}, { watcher });
    expect(stopped).toMatchObject({
      state: 'waiting',
      reason: expect.stringMatching(
        /^wave 1 of 2 landed as \w{12}; gate-rome \(edge\) is unknown: the cluster does not answer: unknown is not healthy/,
      ),
    });
    expect(running(fleet)).toMatchObject({ 'cloud-eu': 'old', 'lobby-berlin': 'new' });
    expect(await fleet.deploy({ skipUnknown: true }, { watcher })).toMatchObject([{ state: 'landed' }]);
    expect(running(fleet)).toMatchObject({ 'cloud-eu': 'new' });
  });

  it('do not go past a wave of which nothing is healthy, whatever is asked', async () => {
    const fleet = await merged();
    const watcher = new ScriptedWatcher(unknown);
    expect(await fleet.deploy({ skipUnknown: true }, { watcher })).toMatchObject([{ state: 'waiting' }]);
    expect(await fleet.kinds()).not.toContain('hold');
  });

  it('without a cluster at hand: the first one lands, and the next when somebody has seen it healthy', async () => {
    const fleet = await merged();
    const [first] = await fleet.deploy();
    expect(first?.reason).toContain(
      'the next wave goes when lobby-berlin is healthy at this revision, and nobody has seen that: run',
    );
    const again = await fleet.deploy();
    expect(again).toMatchObject([{ state: 'waiting' }]);
    expect(running(fleet)).toEqual({ ...everywhere('old'), 'lobby-berlin': 'new' });
    const place = { model: 'porch', site: 'lobby-berlin', chipset: 'edge', fleetCommit: fleet.git('rev-parse', 'main') };
    await appendFacts(fleet.ledger, [
      { kind: 'rollout', ...place, state: 'healthy', reason: '', revision: null, at: '2026-01-03' },
    ]);
    expect((await fleet.deploy())[0]?.reason).toMatch(/^wave 2 of 3 landed .* when cloud-eu is healthy/);
  });

  it('are one commit with --no-wait, and need a cluster with --wait', async () => {
    const fleet = await merged();
    await expect(fleet.deploy({ wait: 'always' })).rejects.toThrow(/no cluster can be asked from here[\s\S]*KUBECONFIG/);
    expect(running(fleet)).toEqual(everywhere('old'));
    expect(await fleet.deploy({ wait: 'never' })).toMatchObject([{ state: 'landed' }]);
    expect(fleet.subjects()).toEqual(['Deploy porch at new', 'Deploy porch at old']);
    expect(await fleet.deploy()).toMatchObject([{ state: 'up to date' }]);
  });

  it('follow the tip when others land beside them, and give way to a newer release', async () => {
    const fleet = await merged();
    let others = 0;
    const watcher = new ScriptedWatcher((target) => {
      if (target.commit !== fleet.git('rev-parse', 'main')) throw new Error('not the tip');
      if (others > 0) return healthy(target);
      others += 1;
      fleet.edit('README.md', 'beside');
      return { state: 'superseded', reason: 'main has moved on', revision: null };
    });
    expect(await fleet.deploy({}, { watcher })).toMatchObject([{ state: 'landed' }]);
    expect(watcher.asked.map(({ site }) => site)).toEqual(['lobby-berlin', 'lobby-berlin', 'cloud-eu']);
  });

  it('ask for a new check when somebody has changed by hand what a later one would write', async () => {
    const fleet = await merged();
    const overlay = 'apps/porch/overlays/cloud-eu/cloud/kustomization.yaml';
    fleet.edit(overlay, (text) => text.replace(/sha256:[0-9a-f]{64}/, `sha256:${'0'.repeat(64)}`));
    expect((await fleet.deploy())[0]).toMatchObject({ state: 'needs a check', reason: expect.stringContaining(overlay) });
  });
});

describe('a run that is ended', () => {
  it('between commit and ledger is completed by the next, which writes down what was committed', async () => {
    const fleet = await merged();
    const dead = () => Promise.reject(new Error('killed'));
    const { ledger: kept } = fleet;
    const alive = { entries: () => kept.entries(), signsAs: () => kept.signsAs(), sharedHead: () => kept.sharedHead() };
    const ledger = { ...alive, append: dead, appendUnless: dead, verify: dead };
    await expect(fleet.deploy({}, { ledger, watcher: new ScriptedWatcher() })).rejects.toThrow('killed');
    const first = fleet.git('rev-parse', 'main');
    expect(await fleet.deploy({}, { watcher: new ScriptedWatcher() })).toMatchObject([{ state: 'landed' }]);
    const deployments = (await fleet.ledger.entries()).filter(({ record }) => record.fact.kind === 'deployment').slice(1);
    expect(deployments.map(({ record }) => record.fact['fleetCommit'])).toEqual([
      first,
      ...['main~1', 'main'].map((at) => fleet.git('rev-parse', at)),
    ]);
    expect(fleet.subjects()).toHaveLength(4);
  });

  it('between two waves goes on where it stood', async () => {
    const fleet = await merged();
    const dead = new ScriptedWatcher(() => Promise.reject(new Error('killed')));
    await expect(fleet.deploy({}, { watcher: dead })).rejects.toThrow('killed');
    expect(running(fleet)).toEqual({ ...everywhere('old'), 'lobby-berlin': 'new' });
    expect(await fleet.deploy({}, { watcher: new ScriptedWatcher() })).toMatchObject([{ state: 'landed' }]);
    expect(fleet.subjects()).toHaveLength(4);
  });
});
