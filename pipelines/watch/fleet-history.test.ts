import { beforeEach, describe, expect, it } from 'vitest';
import { CouldNotRun, type Digest } from '#kernel';
import type { DeployedAt, FleetSnapshot, RolloutTarget } from '#gitops';
import { MemoryFleet } from '../../testing/fakes/memory-fleet.ts';
import { fleetHistory } from './fleet-history.ts';

const digest = (letter: string): Digest => `sha256:${letter.repeat(64)}`;

/** A fleet of one site whose one file is what it deploys. */
const read = async (snapshot: FleetSnapshot): Promise<DeployedAt[]> => {
  const said = await snapshot.read('release');
  if (said === undefined) return [];
  if (said === 'unreadable') throw new CouldNotRun({ file: 'release', message: 'is no release', remedy: 'mend it' });
  return [{ site: 'gate-oslo', chipset: 'orin', release: { kind: 'container', model: { image: 'x', digest: digest(said) } } }];
};

let fleet: MemoryFleet;
let reads: number;
beforeEach(() => {
  fleet = new MemoryFleet();
  reads = 0;
});

const commit = async (parent: string | null, file: string, content: string, branch = 'main') =>
  (await fleet.commit({ parent, branch, files: [{ path: file, content }], message: `${file} ${content}`, date: new Date(0) }))
    .commit;
const history = () =>
  fleetHistory(fleet, async (snapshot) => {
    reads += 1;
    return await read(snapshot);
  });
const targetAt = (at: string): RolloutTarget => ({
  controller: 'flux',
  model: 'porch',
  site: 'gate-oslo',
  chipset: 'orin',
  context: null,
  object: { namespace: 'flux-system', name: 'x' },
  pods: null,
  branch: 'main',
  commit: at,
  digests: { model: [digest('a')], runtime: null },
  timeout: 1,
});

describe('how commits of a fleet stand to each other', () => {
  it('is by their history, and by what the newer one deploys', async () => {
    const before = await commit(null, 'release', 'c');
    const ours = await commit(before, 'release', 'a');
    const beside = await commit(ours, 'another model', 'b');
    const after = await commit(beside, 'release', 'b');
    const removed = await commit(after, 'release', 'unreadable');
    const strange = await commit(before, 'strange', 'x', 'other');
    const known = history();
    const target = targetAt(ours);
    const all = await Promise.all(
      [before, ours, beside, after, removed, strange, 'f'.repeat(40)].map((each) => known.relation(target, each)),
    );
    expect(all).toEqual(['older', 'same', 'keeps', 'replaces', 'unknown', 'elsewhere', 'unknown']);
  });

  it('is asked of Git once for each two commits, however many targets ask', async () => {
    const ours = await commit(null, 'release', 'a');
    const after = await commit(ours, 'another model', 'b');
    const known = history();
    const all = await Promise.all(Array.from({ length: 50 }, () => known.relation(targetAt(ours), after)));
    expect([new Set(all), reads]).toEqual([new Set(['keeps']), 1]);
  });

  it('is looked at again where the commit was not there yet', async () => {
    const ours = await commit(null, 'release', 'a');
    const known = history();
    const elsewhere = { parent: null, branch: 'main', files: [], message: '', date: new Date(0) };
    const { commit: soon } = await new MemoryFleet().commit(elsewhere);
    expect(await known.relation(targetAt(ours), soon)).toBe('unknown');
    const after = await commit(ours, 'release', 'b');
    expect(await known.relation(targetAt(ours), after)).toBe('replaces');
  });
});
