import { beforeEach, describe, expect, it } from 'vitest';
import type { Annotation, CheckRun } from '../../codehost/code-host.ts';
import type { World } from '../worlds/code-host-world.ts';

const marker = '<!-- fieldproof:contract -->';

/** What every code host keeps. `make` gives a fresh world. */
export function codeHostContract(name: string, make: () => Promise<World>): void {
  describe(`${name} keeps the contract of a code host`, () => {
    let world: World;
    beforeEach(async () => {
      world = await make();
    });
    const started = (rest: Partial<CheckRun> = {}): CheckRun =>
      ({
        name: 'Fieldproof',
        head: world.head,
        externalId: 'started',
        title: 'Judging porch',
        summary: 'It runs.',
        text: null,
        annotations: [],
        detailsUrl: null,
        status: 'in_progress',
        ...rest,
      }) as CheckRun;
    const ended = (rest: Partial<CheckRun> = {}): CheckRun =>
      started({ externalId: 'record', title: 'Passes', text: 'All of it.', status: 'completed', conclusion: 'success', ...rest });

    describe('pull requests', () => {
      it('tells what is proposed, and whether it is a fork', async () => {
        const { head, pullRequest } = world;
        expect(await world.host.pullRequests.get(pullRequest)).toMatchObject({
          number: pullRequest,
          head,
          baseBranch: 'main',
          headBranch: 'change',
          fork: false,
          merged: false,
        });
      });

      it('proposes a branch once, and keeps what is said of it up to date', async () => {
        const proposal = { head: world.proposalBranch, base: 'main', title: 'Deploy', body: 'One', labels: ['fieldproof'] };
        const first = await world.host.pullRequests.propose(proposal);
        const again = await world.host.pullRequests.propose({ ...proposal, title: 'Deploy it', body: 'Two' });
        expect(again.number).toBe(first.number);
        const ours = (await world.see()).pullRequests.filter(({ head }) => head === world.proposalBranch);
        expect(ours).toEqual([
          {
            number: first.number,
            head: world.proposalBranch,
            base: 'main',
            title: 'Deploy it',
            body: 'Two',
            labels: ['fieldproof'],
            open: true,
          },
        ]);
      });
    });

    describe('moments', () => {
      const stepsOf = async (head: string) => (await world.host.moments.of(head)).map(({ step }) => step);

      it('are when a change was opened, checked by us and approved, each as far as it has come', async () => {
        const { head, pullRequest, stranger, host } = world;
        await stranger.check('Fieldproof', head, 'theirs');
        expect(await stepsOf(head)).toContain('opened');
        expect(await stepsOf(head)).not.toContain('check began');
        await host.checks.publish(started());
        await stranger.approve(pullRequest);
        expect((await stepsOf(head)).filter((step) => step !== 'check asked')).toEqual(['check began', 'opened', 'approved']);
        for (const { at } of await host.moments.of(head)) expect(Date.parse(at)).not.toBeNaN();
      });

      it('are none of a commit that was never proposed', async () => {
        expect((await stepsOf(world.main)).filter((step) => step !== 'check asked')).toEqual([]);
      });
    });

    describe('check runs', () => {
      let underWay: CheckRun & { status: 'in_progress' };
      beforeEach(() => (underWay = { ...started(), status: 'in_progress' }));

      it('shows a run while it is under way, and ends the same one under the name of its record', async () => {
        const first = await world.host.checks.publish(started());
        const second = await world.host.checks.publish(ended());
        expect(second.id).toBe(first.id);
        expect((await world.see()).checkRuns).toEqual([
          {
            app: world.us,
            name: 'Fieldproof',
            externalId: 'record',
            status: 'completed',
            conclusion: 'success',
            title: 'Passes',
            summary: 'It runs.',
            text: 'All of it.',
            annotations: [],
          },
        ]);
      });

      it('goes on with a run that was begun, and begins none', async () => {
        expect(await world.host.checks.goOn(underWay)).toBeNull();
        expect((await world.see()).checkRuns).toEqual([]);
        const { id } = await world.host.checks.publish(started());
        expect((await world.host.checks.goOn({ ...underWay, title: 'Half of it' }))?.id).toBe(id);
        expect((await world.see()).checkRuns).toMatchObject([{ title: 'Half of it', status: 'in_progress' }]);
        await world.host.checks.publish(ended());
        expect(await world.host.checks.goOn(underWay)).toBeNull();
        expect((await world.see()).checkRuns).toMatchObject([{ title: 'Passes', status: 'completed' }]);
      });

      it('is the same run when it is published again', async () => {
        const annotations = annotationsFor(3);
        await world.host.checks.publish(ended({ annotations }));
        await world.host.checks.publish(ended({ annotations }));
        const { checkRuns } = await world.see();
        expect(checkRuns.map((run) => run.annotations)).toEqual([annotations]);
      });

      it('leaves none unfinished, also when it was begun anew and comes to the same record', async () => {
        await world.host.checks.publish(ended());
        await world.host.checks.publish(started());
        await world.host.checks.publish(ended());
        expect((await world.see()).checkRuns.map(({ status }) => status)).toEqual(['completed', 'completed']);
      });

      it('makes another run for another record, and for another commit', async () => {
        await world.host.checks.publish(ended());
        await world.host.checks.publish(started());
        await world.host.checks.publish(ended({ externalId: 'second record', conclusion: 'failure' }));
        await world.host.checks.publish(ended({ head: world.main }));
        const { checkRuns } = await world.see();
        expect(checkRuns.map(({ externalId, conclusion }) => `${externalId}: ${conclusion}`).toSorted()).toEqual([
          'record: success',
          'record: success',
          'second record: failure',
        ]);
      });

      it('finds again what has ended on the heads of pull requests, ours alone', async () => {
        await world.host.checks.publish(ended());
        await world.host.checks.publish(started());
        await world.host.checks.publish(ended({ externalId: 'second record' }));
        await world.host.checks.publish(started());
        const found = await world.host.checks.ended(ended().name);
        expect(found.map(({ externalId }) => externalId).toSorted()).toEqual(['record', 'second record']);
        expect(new Set(found.map(({ head }) => head))).toEqual(new Set([ended().head]));
      });

      it('appends annotations beyond what one request takes, each once', async () => {
        const annotations = [...annotationsFor(130), ...annotationsFor(1)];
        await world.host.checks.publish(ended({ annotations }));
        const [run] = (await world.see()).checkRuns;
        expect(run?.annotations.map(({ line }) => line)).toEqual(annotations.map(({ line }) => line));
      });

      it('does not touch a check of our name that somebody else made', async () => {
        await world.stranger.check('Fieldproof', world.head, 'record');
        await world.host.checks.publish(ended({ conclusion: 'failure' }));
        const { checkRuns } = await world.see();
        expect(checkRuns.filter(({ app }) => app === world.us).map(({ conclusion }) => conclusion)).toEqual(['failure']);
        expect(checkRuns).toHaveLength(2);
      });
    });

    describe('comments', () => {
      it('brings one that is there up to date, and begins none', async () => {
        const { pullRequest } = world;
        expect(await world.host.comments.update({ pullRequest, marker, body: `${marker}\nnews` })).toBeNull();
        expect((await world.see()).comments).toEqual([]);
        const { id } = await world.host.comments.upsert({ pullRequest, marker, body: `${marker}\nfail` });
        expect((await world.host.comments.update({ pullRequest, marker, body: `${marker}\nnews` }))?.id).toBe(id);
        expect((await world.see()).comments.map(({ body }) => body)).toEqual([`${marker}\nnews`]);
      });

      it('are one for each marker, which is written over', async () => {
        const { pullRequest } = world;
        const one = await world.host.comments.upsert({ pullRequest, marker, body: `${marker}\none` });
        const two = await world.host.comments.upsert({ pullRequest, marker, body: `${marker}\ntwo` });
        await world.host.comments.upsert({ pullRequest, marker: '<!-- fieldproof:other -->', body: '<!-- fieldproof:other -->' });
        expect(two.id).toBe(one.id);
        expect((await world.see()).comments.map(({ body }) => body)).toEqual([`${marker}\ntwo`, '<!-- fieldproof:other -->']);
      });

      it('of somebody else are left alone, whatever they hold', async () => {
        const { pullRequest } = world;
        for (let n = 0; n < 101; n += 1) await world.stranger.comment(pullRequest, `${marker} ${n} pass`);
        await world.host.comments.upsert({ pullRequest, marker, body: `${marker}\nfail` });
        await world.host.comments.upsert({ pullRequest, marker, body: `${marker}\nfail again` });
        const { comments } = await world.see();
        expect(comments.filter(({ author }) => author === world.us)).toEqual([
          { author: world.us, body: `${marker}\nfail again` },
        ]);
        expect(comments).toHaveLength(102);
      });
    });

    describe('what somebody wrote', () => {
      it('is read with its author, and is nothing when it is no more', async () => {
        const { pullRequest } = world;
        const id = await world.stranger.comment(pullRequest, '/fieldproof accept');
        expect(await world.host.comments.get(id)).toMatchObject({ pullRequest, author: 'dev', body: '/fieldproof accept' });
        expect(await world.host.comments.get(id + 1000)).toBeNull();
      });

      it('is worth what its author may do, which nobody else decides', async () => {
        expect(await world.host.collaborators.mayWrite('dev')).toBe(true);
        expect(await world.host.collaborators.mayWrite('nobody-of-this-name')).toBe(false);
      });
    });

    describe('issues', () => {
      const issue = { marker, title: 'Shift at yard-oslo', body: `${marker}\nsince Monday`, labels: ['drift'] };

      it('are one for each marker while it is open, and a new one after it was closed', async () => {
        const first = await world.host.issues.upsert(issue);
        const second = await world.host.issues.upsert({ ...issue, body: `${marker}\nsince Sunday` });
        expect(second.number).toBe(first.number);
        expect(await world.host.issues.close({ marker, comment: 'It ended.' })).toEqual({ number: first.number });
        expect(await world.host.issues.close({ marker, comment: 'It ended.' })).toBeNull();
        const third = await world.host.issues.upsert(issue);
        expect(third.number).not.toBe(first.number);
        const { issues } = await world.see();
        expect(issues.map(({ open, body, labels, comments }) => [open, body, labels, comments.length])).toEqual([
          [false, `${marker}\nsince Sunday`, ['drift'], 1],
          [true, `${marker}\nsince Monday`, ['drift'], 0],
        ]);
      });

      it('of somebody else are neither updated nor closed', async () => {
        await world.stranger.issue('mine', marker);
        expect(await world.host.issues.close({ marker, comment: 'It ended.' })).toBeNull();
        await world.host.issues.upsert(issue);
        expect((await world.see()).issues.map(({ title, open }) => [title, open])).toEqual([
          ['mine', true],
          ['Shift at yard-oslo', true],
        ]);
      });
    });

    describe('deployments', () => {
      const at = (environment: string, state: 'queued' | 'in_progress' | 'success', commit: string) => ({
        commit,
        environment,
        state,
        description: 'x'.repeat(200),
        url: null,
      });

      it('say each state once, and again when another came between', async () => {
        const { deployments } = world.host;
        for (const state of ['queued', 'queued', 'in_progress', 'success', 'success', 'in_progress'] as const) {
          await deployments.record(at('porch/yard-oslo/edge-box', state, world.main));
        }
        expect((await world.see()).deployments).toEqual([
          {
            commit: world.main,
            environment: 'porch/yard-oslo/edge-box',
            states: ['queued', 'in_progress', 'success', 'in_progress'],
          },
        ]);
      });

      it('are one for each commit and environment', async () => {
        const { deployments } = world.host;
        await deployments.record(at('porch/yard-oslo/edge-box', 'queued', world.main));
        await deployments.record(at('porch/gate-lyon/edge-box', 'queued', world.main));
        await deployments.record(at('porch/yard-oslo/edge-box', 'queued', world.head));
        expect((await world.see()).deployments).toHaveLength(3);
      });
    });
  });
}

function annotationsFor(count: number): Annotation[] {
  return Array.from({ length: count }, (_, at) => ({
    path: 'fieldproof.yaml',
    line: at + 1,
    level: 'failure',
    title: `porch: site-${at}`,
    message: 'lost more than it may',
  }));
}
