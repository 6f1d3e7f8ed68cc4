import { execFileSync, spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect, it } from 'vitest';
import { systemClock } from '#kernel';
import { GitLedger } from '#ledger/adapters';
import { JudgedFleet } from '../../testing/worlds/judged-fleet.ts';
import { deployMany, historyOf } from '../../testing/worlds/many-deploys.ts';
import { ScriptedWatcher } from '../../testing/fakes/scripted-watcher.ts';

it('a dozen deploys at once into one fleet land exactly once each, or are refused with a reason, in one line', async () => {
  const many = await deployMany(12);
  const { fleet, landings } = many;
  try {
    const [refused, others] = [
      landings.filter(({ state }) => state === 'refused'),
      landings.filter(({ state }) => state !== 'refused'),
    ];
    expect(refused).toMatchObject([
      { model: 'model-10', reason: expect.stringContaining('inconclusive: only a pass is deployed') },
    ]);
    // The same model deployed twice at once: one of the two finds it there.
    expect(others.map(({ state }) => state).toSorted()).toEqual([...Array.from({ length: 11 }, () => 'landed'), 'up to date']);
    const landed = others.map(({ model }) => model);
    expect(historyOf(many)).toEqual({ commits: Object.fromEntries(landed.map((model) => [model, 1])), merges: 0 });
    for (const model of landed) expect(fleet.running(model, ['new'])).toEqual({ 'lobby-berlin': 'new' });
    const facts = (await fleet.ledger.entries()).filter(({ record }) => record.fact.kind === 'deployment');
    const deployed = facts.map(({ record }) => JSON.stringify(record.fact['model']));
    expect(deployed.toSorted()).toEqual([...new Set(landed)].map((model) => JSON.stringify(model)).toSorted());
    expect(fleet.git('fsck', '--strict', '--no-dangling')).toBe('');
  } finally {
    fleet.remove();
  }
});

it('a deploy that is killed at any moment is completed by the next one, and nothing lands twice', async () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'fieldproof-killed-'));
  const history = path.join(folder, 'models');
  mkdirSync(history);
  execFileSync('git', ['init', '--quiet', history]);
  const ledger = new GitLedger({ folder: history, environment: process.env, clock: systemClock });
  const fleet = new JudgedFleet({ folder, ledger });
  try {
    await fleet.release('porch', 'old');
    await fleet.judge('porch', 'new');
    // From the first words to the first wave's watch: wherever it is killed there, the next one goes on.
    for (const wait of [100, 400, null]) await killedDeploy(folder, history, wait);
    expect(fleet.subjects()).toEqual(['Deploy porch at new: wave 1 of 3', 'Deploy porch at old']);
    expect(await fleet.deploy({ wait: 'always' }, { watcher: new ScriptedWatcher() })).toMatchObject([{ state: 'healthy' }]);
    expect(fleet.subjects()).toHaveLength(4);
    const waves = (await ledger.entries()).flatMap(({ record }) =>
      record.fact.kind === 'deployment' ? [JSON.stringify(record.fact['fleetCommit'])] : [],
    );
    const commits = fleet.git('rev-list', 'main').split('\n');
    expect(waves.toSorted()).toEqual(commits.map((commit) => JSON.stringify(commit)).toSorted());
    expect(await ledger.verify()).toMatchObject({ state: 'intact' });
  } finally {
    rmSync(folder, { recursive: true });
  }
});

/** A deploy in a process of its own, killed some milliseconds after it began, or (null) while it watches its first wave. */
async function killedDeploy(folder: string, history: string, wait: number | null): Promise<void> {
  const top = path.join(import.meta.dirname, '../..');
  const script = `
    import { systemClock } from '#kernel';
    import { GitLedger } from '#ledger/adapters';
    import { JudgedFleet } from './testing/worlds/judged-fleet.ts';
    import { ScriptedWatcher } from './testing/fakes/scripted-watcher.ts';
    const ledger = new GitLedger({ folder: '${history}', environment: process.env, clock: systemClock });
    const fleet = new JudgedFleet({ folder: '${folder}', ledger });
    fleet.merge('porch', 'new');
    setInterval(() => {}, 1000);
    process.stdout.write('begun');
    const watcher = new ScriptedWatcher(() => { process.stdout.write('watching'); return new Promise(() => {}); });
    await fleet.deploy({}, { watcher });
  `;
  const child = spawn(process.execPath, ['--input-type=module', '-e', script], {
    stdio: ['ignore', 'pipe', 'inherit'],
    cwd: top,
  });
  const ended = new Promise((resolve) => child.once('exit', resolve));
  const said = new Promise<void>((resolve) => {
    child.stdout.on('data', (chunk: Buffer) => {
      if (wait !== null || chunk.toString().includes('watching')) resolve();
    });
  });
  await Promise.race([said, ended]);
  await systemClock.sleep(wait ?? 0);
  child.kill('SIGKILL');
  await ended;
}
