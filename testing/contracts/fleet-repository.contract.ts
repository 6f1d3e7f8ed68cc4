import { beforeEach, describe, expect, it } from 'vitest';
import { FleetMoved, type FleetRepository } from '#gitops';

const date = new Date('2026-01-02T03:04:05Z');

/** What every fleet repository keeps. `make` gives an empty one. */
export function fleetRepositoryContract(name: string, make: () => Promise<FleetRepository>): void {
  describe(`${name} keeps the contract of a fleet repository`, () => {
    let fleet: FleetRepository;
    beforeEach(async () => {
      fleet = await make();
    });

    const write = async (parent: string | null, content: string, branch = 'main', path = 'apps/a.yaml') =>
      (await fleet.commit({ parent, branch, files: [{ path, content }], message: `write ${content}\n`, date })).commit;

    it('has nothing on a branch that is not there', async () => {
      const nothing = await fleet.snapshot('main');
      expect([
        nothing.commit,
        nothing.message,
        await nothing.read('a'),
        await nothing.list(''),
        await nothing.changedSince('0'.repeat(40)),
        await nothing.lastChange(['a']),
      ]).toEqual([null, null, undefined, [], undefined, undefined]);
      expect([nothing.parent, nothing.date]).toEqual([null, null]);
    });

    it('begins a history, and shows what was committed with its message', async () => {
      const first = await write(null, 'one');
      const snapshot = await fleet.snapshot('main');
      expect(snapshot.commit).toBe(first);
      expect(snapshot.message).toBe('write one\n');
      expect(await snapshot.read('apps/a.yaml')).toBe('one');
      expect(await snapshot.read('apps')).toBeUndefined();
      expect(await snapshot.list('apps')).toEqual(['apps/a.yaml']);
      expect(await snapshot.list('app')).toEqual([]);
    });

    it('keeps the files that a commit does not name, and tells what changed since an older one', async () => {
      const first = await write(null, 'one');
      const second = await write(first, 'two', 'main', 'clusters/b.yaml');
      const snapshot = await fleet.snapshot('main');
      expect(snapshot.commit).toBe(second);
      expect(await snapshot.list('')).toEqual(['apps/a.yaml', 'clusters/b.yaml']);
      expect(await snapshot.changedSince(first)).toEqual(['clusters/b.yaml']);
      expect(await snapshot.changedSince('1'.repeat(40))).toBeUndefined();
    });

    it('shows any commit of its history: its parent, its time, and who changed a file last', async () => {
      const first = await write(null, 'one');
      const second = await write(first, 'two', 'main', 'clusters/b.yaml');
      const [older, newer] = [await fleet.at('main', first), await fleet.at('main', second)];
      expect([older?.parent, newer?.parent, newer?.date]).toEqual([null, first, date]);
      expect([older?.commit, await older?.read('apps/a.yaml'), older?.message]).toEqual([first, 'one', 'write one\n']);
      expect(await older?.list('')).toEqual(['apps/a.yaml']);
      expect(await older?.changedSince(second)).toBeUndefined();
      expect(await newer?.lastChange(['apps/a.yaml'])).toBe(first);
      expect(await newer?.lastChange(['apps/a.yaml', 'clusters/b.yaml'])).toBe(second);
      expect(await newer?.lastChange(['apps/c.yaml'])).toBeUndefined();
      expect(await newer?.lastChange([])).toBeUndefined();
      expect(await fleet.at('main', '1'.repeat(40))).toBeUndefined();
    });

    it('removes a file, and remembers who did', async () => {
      const first = await write(null, 'one');
      const second = await write(first, 'two', 'main', 'clusters/b.yaml');
      const files = [{ path: 'apps/a.yaml', content: null }];
      const { commit: third } = await fleet.commit({ parent: second, branch: 'main', files, message: 'remove\n', date });
      const snapshot = await fleet.snapshot('main');
      expect(await snapshot.list('')).toEqual(['clusters/b.yaml']);
      expect(await snapshot.lastChange(['apps/a.yaml'])).toBe(third);
      expect(await snapshot.changedSince(first)).toEqual(['apps/a.yaml', 'clusters/b.yaml']);
    });

    it("returns the parent's id when nothing changes", async () => {
      const first = await write(null, 'one');
      expect(await write(first, 'one')).toBe(first);
      expect(await write(first, 'one', 'fieldproof/a/1')).toBe(first);
      expect((await fleet.snapshot('fieldproof/a/1')).commit).toBeNull();
    });

    it('refuses a commit on what is no longer the tip, and changes nothing', async () => {
      const first = await write(null, 'one');
      const second = await write(first, 'two');
      await expect(write(first, 'three')).rejects.toBeInstanceOf(FleetMoved);
      expect((await fleet.snapshot('main')).commit).toBe(second);
    });

    it('gives one of two proposals made at once, and says to run again to the other', async () => {
      const first = await write(null, 'one');
      const both = await Promise.allSettled([write(first, 'two'), write(first, 'three')]);
      expect(both.map(({ status }) => status).toSorted()).toEqual(['fulfilled', 'rejected']);
      expect(both.find((result) => result.status === 'rejected')?.reason).toBeInstanceOf(FleetMoved);
    });

    it('makes the same proposal twice as one commit, whatever the clock says', async () => {
      const base = await write(null, 'one');
      const proposal = await write(base, 'two', 'fieldproof/a/1');
      expect(await write(base, 'two', 'fieldproof/a/1')).toBe(proposal);
      const later = {
        parent: base,
        branch: 'fieldproof/a/1',
        files: [{ path: 'apps/a.yaml', content: 'two' }],
        message: 'write two\n',
      };
      expect(await fleet.commit({ ...later, date: new Date('2027-01-01') })).toEqual({ commit: proposal, moved: false });
      await expect(fleet.commit({ ...later, message: 'another\n', date })).rejects.toBeInstanceOf(FleetMoved);
    });

    it('says to exactly one of those who make the same commit at once that it was theirs', async () => {
      const base = await write(null, 'one');
      const same = { parent: base, branch: 'main', files: [{ path: 'apps/a.yaml', content: 'two' }], message: 'two\n', date };
      const made = await Promise.all(Array.from({ length: 4 }, async () => await fleet.commit(same)));
      expect(made.filter(({ moved }) => moved)).toHaveLength(1);
      expect(new Set(made.map(({ commit }) => commit)).size).toBe(1);
    });

    it('puts a proposal in the place of an older one when told which', async () => {
      const base = await write(null, 'one');
      const older = await write(base, 'two', 'fieldproof/a/1');
      const moved = await write(base, 'x', 'main', 'apps/other.yaml');
      const again = {
        parent: moved,
        branch: 'fieldproof/a/1',
        files: [{ path: 'apps/a.yaml', content: 'two' }],
        message: 'again\n',
        date,
      };
      await expect(fleet.commit(again)).rejects.toBeInstanceOf(FleetMoved);
      const { commit: newer } = await fleet.commit({ ...again, replaces: older });
      expect((await fleet.snapshot('fieldproof/a/1')).commit).toBe(newer);
    });

    it('lands a proposal while the branch is where it was expected', async () => {
      const base = await write(null, 'one');
      const proposal = await write(base, 'two', 'fieldproof/a/1');
      expect(await fleet.land('main', proposal, base)).toEqual({ commit: proposal, moved: true });
      expect(await (await fleet.snapshot('main')).read('apps/a.yaml')).toBe('two');
    });

    it('lands the first release of all on a branch that is not there', async () => {
      const proposal = await write(null, 'one', 'fieldproof/a/1');
      await fleet.land('main', proposal, null);
      expect((await fleet.snapshot('main')).commit).toBe(proposal);
    });

    it('does not land on a branch that has moved on, nor take back what has landed since', async () => {
      const base = await write(null, 'one');
      const proposal = await write(base, 'two', 'fieldproof/a/1');
      const tip = await write(base, 'other', 'main', 'apps/b.yaml');
      await expect(fleet.land('main', proposal, base)).rejects.toBeInstanceOf(FleetMoved);
      await expect(fleet.land('main', proposal, tip)).rejects.toThrow('take back what has landed since');
      await expect(fleet.land('main', '1'.repeat(40), tip)).rejects.toThrow('has no commit');
      expect((await fleet.snapshot('main')).commit).toBe(tip);
    });
  });
}
