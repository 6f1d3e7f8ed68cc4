import { appendFileSync, copyFileSync, readdirSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parse, stringify } from 'yaml';
import { appendFacts, factsOf as factsIn, type VerdictFact } from '#history';
import { digestOf, systemClock } from '#kernel';
import { GitLedger } from '#ledger/adapters';
import type { ClipEvent } from '../examples/porch/scenes/clip.ts';
import { runFieldproof, startFieldproof, type ModelRepository } from '../testing/worlds/model-repository.ts';
import { nightsFrom, sendNight } from '../testing/worlds/porch-nights.ts';
import { changeReplays, footageOf, makePorchRepository } from '../testing/worlds/porch-repository.ts';
import { replayRig, type ReplayRig } from '../testing/worlds/replay-rig.ts';
import { startS3 } from '../testing/fakes/s3-server.ts';
import type { Labelling } from '../pipelines/replay/labelling.ts';

const replays = `source: ../footage
dataset: street
sites: [lobby-berlin]
sampling: { labelled-per-site-per-night: 1 }
alarms: { false-alarm-rate: 20%, reference-nights: 10, recall: { expected: 85%, tolerated-loss: 5% } }
harvest: { folder: labels/porch, dataset: field, unsure-within: 45% }
`;
const QUIET = nightsFrom('2026-03-01', 10);
const DIRTY = nightsFrom('2026-03-11', 7);
const CLEAN = nightsFrom('2026-03-18', 4);

const BENCH_WEIGHTS = path.resolve(import.meta.dirname, '..', 'examples', 'porch', 'models', 'porch-v2-bench.onnx');

let repository: ModelRepository;
let untouched: ModelRepository;
let rig: ReplayRig;
const truth = new Map<string, readonly ClipEvent[]>();
beforeAll(async () => {
  repository = await makePorchRepository(replays);
  send(QUIET);
  const folder = path.join(footageOf(repository), 'lobby-berlin');
  copyFileSync(path.join(folder, '2026-03-02-1.mp4'), path.join(folder, '2026-03-02-cut.mp4'));
  writeFileSync(path.join(folder, '2026-03-02-cut.json'), '{"capturedAt":"2026-03-02T22:00:00Z"}');
  truncateSync(path.join(folder, '2026-03-02-cut.mp4'), 9000);
  writeFileSync(path.join(footageOf(repository), 'nowhere.mp4'), 'nobody says where this is from');
  untouched = repository.copy();
  rig = replayRig(repository);
});
afterAll(() => {
  for (const one of [repository, untouched]) one.remove();
});

function send(nights: readonly string[], dirt = 0, to = repository): void {
  for (const night of nights) {
    const sent = sendNight({ folder: footageOf(to), site: 'lobby-berlin', night, clips: 2, seed: 1, dirt });
    for (const [file, events] of sent) truth.set(file, events);
  }
}

const openIssues = () => rig.host.see().issues.filter(({ open }) => open);

function labellingOn(branch: string, from: ModelRepository = repository): { text: string; written: Labelling; file: string } {
  const [file = ''] = from.git('ls-tree', '-r', '--name-only', branch, 'labels').split('\n');
  const text = from.git('show', `${branch}:${file}`);
  return { text, written: parse(text) as Labelling, file };
}

type Fact = { kind: string } & Record<string, unknown>;

async function factsOf(of: ModelRepository): Promise<Fact[]> {
  const { code, stdout } = await runFieldproof(of, ['ledger', '--json']);
  expect(code).toBe(0);
  return stdout
    .trim()
    .split('\n')
    .map((line) => (JSON.parse(line) as { record: { fact: Fact } }).record.fact);
}

describe('footage that arrives night by night', () => {
  it('is replayed on what is deployed; what cannot be is named, and stops nothing', async () => {
    const report = await rig.replay();
    expect(report).toMatchObject({ outcome: 'quiet', arrived: 21 });
    expect(report.nights.map(({ night }) => night)).toEqual(QUIET);
    expect(report.setAside).toEqual([
      {
        night: '2026-03-02',
        file: 'lobby-berlin/2026-03-02-cut.mp4',
        why: expect.stringMatching(/2026-03-02-cut\.mp4|truncated|decoded|read/),
      },
    ]);
    expect(report.waiting).toEqual([{ file: 'nowhere.mp4', why: expect.stringContaining('nothing says its site') }]);
    expect(openIssues()).toEqual([]);
  });

  it('asks a person about a random sample, and says nothing of what the model saw in it', () => {
    const proposed = rig.host.see().pullRequests;
    expect(proposed).toHaveLength(QUIET.length);
    const [first] = proposed;
    expect(first).toMatchObject({
      base: 'main',
      title: expect.stringMatching(/^Label \d clips? of porch from the night of 2026-03-01$/),
    });
    expect(first?.body).toMatch(/drawn with probability 0\.5/);
    expect(first?.body).toMatch(/<img src="https:\/\/pictures\.example\/\d+\.jpg"/);
    const { written, text } = labellingOn(first?.head ?? '');
    expect(text).toMatch(/^# What happens in these clips\?/);
    const sampled = written.clips.filter(({ why }) => why === 'random sample');
    expect(sampled).toMatchObject([
      { site: 'lobby-berlin', probability: 0.5, events: null, picture: expect.stringContaining('https://') },
    ]);
    expect(sampled[0]).not.toHaveProperty('suggested');
    for (const clip of written.clips.filter(({ why }) => why !== 'random sample'))
      expect(clip).toMatchObject({ probability: null, suggested: expect.anything() });
    expect(repository.git('rev-parse', `${first?.head}^`)).toBe(repository.git('rev-parse', 'main'));
    expect(repository.git('diff', '--name-status', 'main', first?.head ?? '')).toMatch(
      /^A\tlabels\/porch\/2026-03-01-[0-9a-f]{8}\.yaml$/,
    );
  });

  it('changes nothing when nothing has arrived', async () => {
    const [refs, seen] = [repository.git('for-each-ref'), rig.host.see()];
    expect(await rig.replay()).toMatchObject({ outcome: 'quiet', arrived: 0, announced: [], proposed: [] });
    expect(repository.git('for-each-ref')).toBe(refs);
    expect(rig.host.see()).toEqual(seen);
  });

  it('opens one issue for each signal that shifts, with pictures and since when', async () => {
    send(DIRTY, 0.85);
    const report = await rig.replay();
    expect(report).toMatchObject({
      outcome: 'alarmed',
      headline: expect.stringMatching(/a shift in event-rate at lobby-berlin since 2026-03-1[12]/),
    });
    const issues = openIssues();
    const titles = issues.map(({ title }) => title);
    expect(titles).toContainEqual(expect.stringMatching(/^Shift at lobby-berlin: events per hour of porch went from \d+ to \d/));
    expect(new Set(titles).size).toBe(titles.length);
    const body = issues.find(({ title }) => title.includes('events per hour'))?.body ?? '';
    expect(body).toMatch(/says nothing of recall/);
    expect(body).toMatch(/lobby-berlin\/2026-03-1\d-\d\.mp4/);
    expect(body).toContain('<img src="https://pictures.example/');
    expect(body).toMatch(/at most 20%/);
    expect(issues[0]?.labels).toEqual(['fieldproof']);
  });

  it('updates that issue with each night, and never opens another', async () => {
    const before = openIssues();
    send(nightsFrom('2026-03-18', 1), 0.85);
    const { announced } = await rig.replay();
    expect(new Set(announced.map(({ what }) => what))).toEqual(new Set(['updated']));
    const after = openIssues();
    expect(after.map(({ title }) => title)).toEqual(before.map(({ title }) => title));
    expect(after.find(({ title }) => title.includes('events per hour'))?.body).toContain('| 2026-03-18 |');
  });

  it('closes it when three nights in a row are like those before', async () => {
    rmSync(path.join(footageOf(repository), 'lobby-berlin', '2026-03-18-1.mp4'));
    send(CLEAN.slice(1).concat(nightsFrom('2026-03-22', 3)));
    const report = await rig.replay();
    expect(report.outcome).toBe('quiet');
    expect(openIssues()).toEqual([]);
    const closed = rig.host.see().issues.find(({ title }) => title.includes('events per hour'));
    expect(closed?.comments.join()).toMatch(
      /Over since the night of 2026-03-2\d: 3 nights in a row were like those before the change/,
    );
  });

  it('claims recall only from the random sample, once a person has merged the whole of it', async () => {
    const branches = rig.host
      .see()
      .pullRequests.slice(0, 3)
      .map(({ head }) => head);
    for (const branch of branches) label(branch);
    const [site] = (await rig.replay()).sites;
    expect(site?.recall.nights).toBe(3);
    const sampled = branches.flatMap((branch) => labellingOn(branch).written.clips.filter(({ why }) => why === 'random sample'));
    expect(site?.recall.events).toBe(sampled.reduce((sum, { file }) => sum + (truth.get(file)?.length ?? 0), 0));
    const labelled = (await factsOf(repository)).filter(({ kind }) => kind === 'labelled');
    expect(labelled).toHaveLength(3);
    for (const { clips } of labelled) expect(clips).toEqual([expect.objectContaining({ probability: 0.5 })]);
  });

  it('shows the labelled samples to what was rejected lately too, where models run in a sandbox, and says once what came of it', async () => {
    repository.git('checkout', '--quiet', '-b', 'worse', 'main');
    copyFileSync(BENCH_WEIGHTS, path.join(repository.model, 'models', 'porch', 'porch.onnx'));
    const head = repository.commit('Train on clean pictures alone');
    repository.git('checkout', '--quiet', 'main');
    send(nightsFrom('2026-03-25', 1));
    await rig.replay({ candidate: 'worse' });
    const ledger = new GitLedger({ folder: repository.model, environment: process.env, clock: systemClock });
    const night = factsIn(await ledger.entries(), 'night').at(-1)?.fact.sites[0];
    if (night?.candidate == null) throw new Error('no candidate was replayed');
    const tree = repository.git('rev-parse', `${head}:models/porch`);
    const rejected = rejectedVerdict({ head, tree, candidate: night.candidate, reference: night.release });
    const [verdict] = await appendFacts(ledger, [rejected]);
    await rig.replay();
    expect((await factsOf(repository)).filter(({ kind }) => kind === 'realised')).toEqual([]);
    const { notes } = await rig.replay({ sandboxed: true });
    expect(notes.filter((note) => note.includes('not replayed'))).toEqual([]);
    await rig.replay({ sandboxed: true });
    const realised = (await factsOf(repository)).filter(({ kind }) => kind === 'realised');
    expect(realised).toMatchObject([
      {
        as: 'shadow',
        verdict,
        site: 'lobby-berlin',
        chipset: 'edge-box',
        metric: 'event-recall',
        field: { clusters: 3, interval: null },
      },
    ]);
    expect(realised[0]?.['labelled']).toHaveLength(3);
  });

  it('notices a clip that was replaced under its name, and keeps what arrived', async () => {
    const file = path.join(footageOf(repository), 'lobby-berlin', `${QUIET[4] ?? ''}-1.mp4`);
    appendFileSync(file, 'more');
    const { replaced, arrived } = await rig.replay();
    expect({ replaced, arrived }).toEqual({ replaced: [`lobby-berlin/${QUIET[4] ?? ''}-1.mp4`], arrived: 0 });
  });

  it('adds only merged, hard clips to the dataset for training, and none of the random sample', async () => {
    const { code, stdout } = await runFieldproof(repository, ['label', 'porch']);
    expect(code).toBe(0);
    const hard = rig.host
      .see()
      .pullRequests.slice(0, 3)
      .flatMap(({ head }) => labellingOn(head).written.clips.filter(({ why }) => why !== 'random sample'));
    expect(hard.length).toBeGreaterThan(0);
    expect(stdout).toContain(`${hard.length} clips added`);
    const lines = readFileSync(path.join(repository.model, 'datasets', 'field.jsonl'), 'utf8')
      .trim()
      .split('\n')
      .filter(Boolean);
    expect(lines.map((line) => (JSON.parse(line) as { file: string }).file).toSorted()).toEqual(
      hard.map(({ file }) => file).toSorted(),
    );
  });
});

/** A change that failed its check against what runs in the field. */
function rejectedVerdict(
  of: Pick<VerdictFact, 'head' | 'tree' | 'candidate'> & { reference: VerdictFact['candidate'] },
): VerdictFact {
  const { head, tree, candidate, reference } = of;
  return {
    kind: 'verdict',
    model: 'porch',
    base: repository.git('rev-parse', 'main'),
    head,
    tree,
    policy: digestOf('policy'),
    candidate,
    references: [{ release: reference, role: 'baseline' }],
    history: 'change',
    outcome: 'fail',
    superior: false,
    seed: 1,
    runner: { name: 'process', sandboxed: false },
    findings: [],
    at: '2026-03-26T00:00:00.000Z',
  };
}

/** What a person does with a labelling branch: fills in every clip, and merges. */
function label(branch: string): void {
  const { written, file } = labellingOn(branch);
  for (const clip of written.clips)
    clip.events = (truth.get(clip.file) ?? []).map(({ label: name, start, end }) => ({ label: name, start, end }));
  repository.git('checkout', '--quiet', branch);
  repository.write({ [file]: stringify(written) });
  repository.commit(`Label ${file}`);
  repository.git('checkout', '--quiet', 'main');
  repository.git('merge', '--quiet', '--no-edit', branch);
}

/** What came of the nights, without the moments at which clips arrived. */
function conclusionsOf(facts: readonly Fact[]): string {
  const kept = facts.filter(({ kind }) => kind === 'night' || kind === 'shift' || kind === 'drift');
  return JSON.stringify(kept.map(({ arrival: _arrival, ...fact }) => fact));
}

describe('a replay that is killed', () => {
  it('goes on where it was, and ends as one that was not', async () => {
    const killed = untouched.copy();
    const whole = await runFieldproof(untouched, ['replay']);
    expect(whole.code).toBe(0);
    for (const share of [0.15, 0.3, 0.5, 0.7, 0.85]) {
      const child = startFieldproof(killed, ['replay']);
      const ended = new Promise((resolve) => child.once('close', resolve));
      await Promise.race([sleep(share * whole.seconds * 1000), ended]);
      if (child.pid !== undefined && child.exitCode === null) process.kill(-child.pid, 'SIGKILL');
      await ended;
    }
    expect((await runFieldproof(killed, ['replay'])).code).toBe(0);
    expect(conclusionsOf(await factsOf(killed))).toBe(conclusionsOf(await factsOf(untouched)));
    const branches = (of: ModelRepository) =>
      of.git('for-each-ref', '--format=%(refname)', 'refs/heads/fieldproof/labels').split('\n');
    expect(branches(killed)).toHaveLength(branches(untouched).length);
    expect(readdirSync(path.join(killed.folder, 'tmp'))).toEqual([]);
    killed.remove();
  });
});

describe('footage in a bucket', () => {
  it('gives the same nights as in a folder', async () => {
    const server = await startS3(['cameras']);
    const bucketed = untouched.copy();
    await server.putFolder('cameras', footageOf(untouched), 'porch/');
    bucketed.git('update-ref', '-d', 'refs/heads/fieldproof/ledger');
    changeReplays(bucketed, replays.replace('../footage', 's3://cameras/porch'));
    const { code, stderr } = await runFieldproof(bucketed, ['replay'], server.environment);
    expect({ code, stderr }).toMatchObject({ code: 0 });
    const nights = (facts: readonly Fact[]) => facts.filter(({ kind }) => kind === 'night').map(({ clips }) => clips);
    expect(nights(await factsOf(bucketed))).toEqual(nights(await factsOf(untouched)));
    bucketed.remove();
    await server.close();
  });
});
