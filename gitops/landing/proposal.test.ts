import { execFileSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { commitMessage, parseTrailers } from './commit-message.ts';
import { MemoryFleet } from '../../testing/fakes/memory-fleet.ts';
import { contestedPaths, planLanding, proposalBranch, proposalTrailers, type ProposalOrigin } from './proposal.ts';
import { digest } from '../plan.fixture.ts';

const base = '1'.repeat(40);
const tree = 'd'.repeat(40);
const origin: ProposalOrigin = {
  model: 'porch',
  base,
  record: digest('f'),
  ledger: { seq: 7, digest: `sha256:${'7'.repeat(64)}` as const },
  source: {
    commit: '2'.repeat(40),
    tree,
    author: 'A Person <person@example.com>',
    subject: 'Train on night and rain',
    body: 'Twice the footage.\n\nFieldproof-Model: other',
    date: new Date('2026-01-02T03:04:05Z'),
    repository: 'https://git.example/acme/models.git',
  },
};
const message = commitMessage({
  subject: 'Release porch',
  body: 'It passed.\n\nSee the record.',
  trailers: proposalTrailers(origin),
});

describe('a proposal', () => {
  it('says in its trailers where it comes from, as git itself reads them', () => {
    const parsed = execFileSync('git', ['interpret-trailers', '--parse'], { input: message, encoding: 'utf8' });
    expect(parsed.trim().split('\n')).toEqual(message.trim().split('\n\n').at(-1)?.split('\n'));
    expect(parseTrailers(message)).toEqual(proposalTrailers(origin));
    expect(parseTrailers(message)).toMatchObject({
      'Fieldproof-Model': 'porch',
      'Fieldproof-Base': base,
      'Fieldproof-Source-Tree': tree,
      'Argocd-reference-commit-sha': '2'.repeat(40),
      'Argocd-reference-commit-body': JSON.stringify(origin.source.body),
    });
  });

  it('has a branch named by the model and the commit', () => {
    expect(proposalBranch('porch', '2'.repeat(40))).toBe('fieldproof/porch/222222222222');
  });

  it('lets no value pass for a trailer of its own', () => {
    const text = commitMessage({ subject: 'a\nb', body: '', trailers: { One: 'x\nTwo: y' } });
    expect(text).toBe('a b\n\nOne: x Two: y\n');
    expect(commitMessage({ subject: 'a\u001B]0;b\u0007', body: '', trailers: { One: '\u009B31mx' } })).toBe(
      'a ]0;b\n\nOne: 31mx\n',
    );
    expect(commitMessage({ subject: 'a', body: 'b\u001B[2J\rc\nd', trailers: {} })).toBe('a\n\nb [2J c\nd\n');
    expect(() => commitMessage({ subject: 'a', body: '', trailers: { 'No name': 'x' } })).toThrow("cannot be a trailer's name");
  });

  it.each(['only a subject\n', 'subject: with colon', 'a\n\nprose: yes\nbut not all of it', ''])(
    'finds no trailers in %j',
    (text) => {
      expect(parseTrailers(text)).toEqual({});
    },
  );
});

describe('landing', () => {
  const proposal = { commit: '3'.repeat(40), trailers: proposalTrailers(origin) };
  const facts = { proposal, tip: base, judgedTree: tree, mergedTree: tree };
  const first = { ...proposal, trailers: proposalTrailers({ ...origin, base: null }) };
  const moved = { ...facts, tip: '4'.repeat(40) };

  it('moves the branch to the proposal when the merged tree is the judged one and the baseline has not moved', () => {
    expect(planLanding(facts)).toEqual({ kind: 'land' });
  });

  it('begins the branch with the first release of all', () => {
    expect(planLanding({ ...facts, proposal: first, tip: null })).toEqual({ kind: 'land' });
  });

  it('commits anew on what others have landed when nothing of this model changed, also in a fleet that began meanwhile', () => {
    expect(planLanding({ ...moved, contested: [] })).toEqual({ kind: 'recommit' });
    expect(planLanding({ ...facts, proposal: first, contested: [] })).toEqual({ kind: 'recommit' });
  });

  it.each([
    ['another tree was merged', { ...facts, mergedTree: 'e'.repeat(40) }, /what was merged is not what was judged/],
    ['the record is of another tree', { ...facts, judgedTree: 'e'.repeat(40), mergedTree: 'e'.repeat(40) }, /another tree/],
    ['the fleet has moved in ways unknown', moved, /moved on from 111111111111 to 444444444444/],
    [
      'another release of it landed',
      { ...moved, contested: ['clusters/lobby/porch.yaml'] },
      /what porch deploys changed: clusters\/lobby\/porch\.yaml/,
    ],
    [
      'its overlay changed',
      { ...moved, contested: ['apps/porch/overlays/a/b/kustomization.yaml'] },
      /what porch deploys changed/,
    ],
    ['the fleet was emptied', { ...facts, tip: null }, /to nothing/],
    ['a fleet began meanwhile in ways unknown', { ...facts, proposal: first }, /from nothing to 111111111111/],
    [
      'the proposal has no trailers',
      { ...facts, proposal: { ...proposal, trailers: {} } },
      /does not say what it was judged against/,
    ],
  ])('asks for a new check when %s', (_, input, reason) => {
    expect(planLanding(input)).toEqual({ kind: 'ask-for-new-check', reason: expect.stringMatching(reason) });
  });
});

describe('what of a proposal is contested', () => {
  const date = new Date('2026-01-02T03:04:05Z');
  const files = (entries: Record<string, string>) => Object.entries(entries).map(([path, content]) => ({ path, content }));

  async function contestedAfter(change: Record<string, string>): Promise<readonly string[] | null> {
    const fleet = new MemoryFleet();
    const start = {
      branch: 'main',
      message: 'start',
      date,
      files: files({ 'apps/porch/base/x.yaml': 'old', 'kept.yaml': 'old' }),
    };
    const { commit: begun } = await fleet.commit({ ...start, parent: null });
    const written = files({ 'apps/porch/base/x.yaml': 'new', 'kept.yaml': 'new', 'clusters/lobby/fieldproof.yaml': 'source' });
    await fleet.commit({ parent: begun, branch: 'proposal', message: 'new', date, files: written });
    await fleet.commit({ parent: begun, branch: 'main', message: 'others', date, files: files(change) });
    const paths = written.map(({ path }) => path);
    const snapshots = [await fleet.snapshot('proposal'), await fleet.snapshot('main')] as const;
    return await contestedPaths(...snapshots, { model: 'porch', base: begun, written: paths });
  }

  it.each([
    [{ 'README.md': 'x', 'apps/porch-2/base/x.yaml': 'x', 'clusters/lobby/door.yaml': 'x' }, []],
    [{ 'clusters/lobby/fieldproof.yaml': 'source' }, []],
    [{ 'apps/porch/base/x.yaml': 'new' }, []],
    [{ 'kept.yaml': 'by hand' }, ['kept.yaml']],
    [{ 'apps/porch/base/other.yaml': 'by hand' }, ['apps/porch/base/other.yaml']],
  ])('after others wrote %j it is %j', async (change, paths) => {
    expect(await contestedAfter(change)).toEqual(paths);
  });
});
