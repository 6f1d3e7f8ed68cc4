import { cpSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { digestOf, hexOf } from '#kernel';
import { configText } from '../testing/worlds/colour-datasets.ts';
import { OWNER, REPOSITORY, startGithub } from '../testing/github/github.ts';
import { pushTo } from '../testing/github/push.ts';
import { makeModelRepository, runFieldproof, startFieldproof, type ModelRepository } from '../testing/worlds/model-repository.ts';
import { partSchema } from '../pipelines/check/parts/part.ts';
import { checkReportSchema } from '../report/documents/check-report.ts';

/** Three chipsets, each reached by a runner of its own label: three processes here. */
const LABELS = ['edge-a', 'edge-b', 'edge-c'];
const chipsets = LABELS.map(
  (label) => `  ${label}: { platform: linux/amd64, at: { runner: ${label} }, limits: { cpus: 1, memory: 1GiB } }\n`,
).join('');
const config = configText
  .replace(/ {2}here: .*\n/, chipsets)
  .replace(
    'edge-c }, limits: { cpus: 1, memory: 1GiB }',
    'edge-c }, limits: { cpus: 1, memory: 1GiB }, budgets: { memory: 1GiB }',
  )
  .replaceAll('chipset: here', 'chipset: edge-a');

const OF_CHECK = ['--base', 'main', '--head', 'change', '--policy-from', 'base'];
let repository: ModelRepository;
/** What `fieldproof open` printed. */
let opened = '';

beforeAll(async () => {
  repository = await makeModelRepository();
  repository.write({ 'fieldproof.yaml': config.slice(0, config.indexOf('deploy:')) });
  repository.commit('Three chipsets');
  await repository.propose('change', { gains: [1.1, 1.1, 1.1] });
  opened = await must('open', ...OF_CHECK, '--out', '../opened');
  await must('images', ...OF_CHECK, '--deployed', '../opened/deployed.json', '--out', '../images');
});
afterAll(() => repository.remove());

async function must(...args: string[]): Promise<string> {
  const { code, stdout, stderr } = await runFieldproof(repository, args);
  if (code !== 0) throw new Error(`${args.join(' ')}: ${code}\n${stdout}${stderr}`);
  return stdout;
}

const part = (round: string, chipset: string, out: string) => [
  'part',
  ...OF_CHECK,
  '--round',
  round,
  '--chipset',
  chipset,
  '--images',
  '../images',
  '--out',
  out,
];

async function join(parts: string) {
  const args = ['join', ...OF_CHECK, '--images', '../images', '--parts', parts, '--json', '../report.json'];
  const ran = await runFieldproof(repository, args);
  const text = readFileSync(path.join(repository.folder, 'report.json'), 'utf8');
  return { ...ran, report: checkReportSchema.parse(JSON.parse(text)) };
}

async function verdicts() {
  const { stdout } = await runFieldproof(repository, ['ledger', '--json']);
  return stdout
    .trim()
    .split('\n')
    .map((line) => (JSON.parse(line) as { record: { id: string; fact: { kind: string; outcome?: string } } }).record)
    .filter(({ fact }) => fact.kind === 'verdict');
}

/** A runner that the power was taken from while it measured. */
async function killed(args: readonly string[], afterMilliseconds: number): Promise<void> {
  const child = startFieldproof(repository, args);
  const ended = new Promise((resolve) => child.once('close', resolve));
  await sleep(afterMilliseconds);
  process.kill(-(child.pid ?? 0), 'SIGKILL');
  await ended;
}

describe('three runners with three chipset labels', () => {
  it('measure a part each; a killed one leaves the verdict inconclusive by name, and alone completes it when it is run again', async () => {
    for (const label of LABELS) expect(opened).toContain(`chipset  ${label}: ${label}\n`);
    for (const label of LABELS) await must(...part('research', label, '../parts'));
    expect(await must('predict', ...OF_CHECK, '--images', '../images', '--parts', '../parts')).toMatch(/^predicted tiny: /);
    await Promise.all([
      must(...part('replay', 'edge-a', '../parts')),
      must(...part('replay', 'edge-b', '../parts')),
      killed(part('replay', 'edge-c', '../parts'), 1500),
    ]);
    const partial = await join('../parts');
    expect(partial.code).toBe(2);
    expect(partial.stdout).toMatch(/INCONCLUSIVE {2}tiny is undecided: .*edge-c was not measured: its replay\s+part never came/);
    expect((await verdicts()).map(({ fact }) => fact.outcome)).toEqual(['inconclusive']);

    await must(...part('replay', 'edge-c', '../parts'));
    const whole = await join('../parts');
    expect(whole.stdout).toMatch(/PASS {2}tiny passes/);
    expect(whole.code).toBe(0);
    expect(whole.report.models).toHaveLength(1);
    expect(whole.report.models[0]?.latency.map(({ chipset }) => chipset)).toEqual(['edge-c']);
    const both = await verdicts();
    expect(both.map(({ fact }) => fact.outcome)).toEqual(['inconclusive', 'pass']);
    expect(both.at(-1)?.id).toBe(whole.report.models[0]?.record);
  });

  it('show in the check which of them have come, so long as it has no end', async () => {
    const github = await startGithub();
    const head = await pushTo(github, repository.model, 'change');
    const place = { GITHUB_REPOSITORY: `${OWNER}/${REPOSITORY}`, GITHUB_API_URL: github.proxy.url };
    const app = { FIELDPROOF_APP_ID: String(github.app.id), FIELDPROOF_APP_PRIVATE_KEY: github.app.privateKey };
    const env = { ...place, ...app };
    const progress = ['progress', ...OF_CHECK, '--parts', '../parts'];
    expect((await runFieldproof(repository, progress, env)).stdout).toBe('check    none of ours was begun\n');
    // Signed in as nobody may: that is no reason for the prediction's job to fail.
    expect(await runFieldproof(repository, progress, { ...env, FIELDPROOF_APP_PRIVATE_KEY: '' })).toMatchObject({
      code: 0,
      stdout: 'check    not shown: FIELDPROOF_APP_PRIVATE_KEY is not set, but the id of the App is (set both, or neither)\n',
    });
    await runFieldproof(repository, ['open', ...OF_CHECK, '--out', '../opened'], env);
    expect(await runFieldproof(repository, progress, env)).toMatchObject({
      code: 0,
      stdout: expect.stringMatching(/^check {4}http/),
    });
    type Run = { status: string; output: { title: string; summary: string } };
    const runs = `/repos/${OWNER}/${REPOSITORY}/commits/${head}/check-runs`;
    const { check_runs: checkRuns } = await github.call<{ check_runs: Run[] }>('GET', runs);
    await github.close();
    expect(checkRuns).toMatchObject([{ status: 'in_progress', output: { title: 'Judging tiny: 3 of 6 parts' } }]);
    expect(checkRuns[0]?.output.summary).toContain('| research on edge-c | finished | edge-c |');
    expect(checkRuns[0]?.output.summary).toContain('| replay on edge-c | waits | edge-c |');
  });

  it('write facts only: predictions and milliseconds, in parts that their schema knows', () => {
    const folder = path.join(repository.folder, 'parts');
    const parts = readdirSync(folder).map((name) => partSchema.parse(JSON.parse(readFileSync(path.join(folder, name), 'utf8'))));
    expect(parts.map(({ round, present }) => `${round} ${present[0]?.name}`).toSorted()).toEqual(
      ['research', 'replay'].flatMap((round) => LABELS.map((label) => `${round} ${label}`)).toSorted(),
    );
    const words = new Set(JSON.stringify(parts).match(/"[a-z]+":/gi));
    for (const word of ['matches', 'outcome', 'gain', 'findings']) expect(words).not.toContain(`"${word}":`);
  });

  it('come to the verdict that one machine comes to, which is all of them', async () => {
    const parts = await join('../parts');
    const text = readFileSync(path.join(repository.model, 'fieldproof.yaml'), 'utf8');
    const alone = repository.copy();
    alone.git('checkout', '--quiet', 'main');
    alone.write({ 'fieldproof.yaml': text.replaceAll(/at: \{ runner: [a-z-]+ \}/g, 'at: local') });
    alone.commit('All of them are this machine');
    const { code } = await runFieldproof(alone, ['check', '--base', 'main', '--head', 'change', '--json', '../alone.json']);
    const report = checkReportSchema.parse(JSON.parse(readFileSync(path.join(alone.folder, 'alone.json'), 'utf8')));
    alone.remove();
    expect(code).toBe(0);
    const quality = (from: typeof report) => from.models[0]?.findings.filter(({ dataset }) => dataset !== null);
    expect(quality(report)).toEqual(quality(parts.report));
  });

  it('are heard though one of them brings what is no part: that chipset alone is undecided, by name and with the reason', async () => {
    const folder = path.join(repository.folder, 'parts');
    const spoiled = path.join(repository.folder, 'spoiled');
    cpSync(folder, spoiled, { recursive: true });
    const isOf = (name: string) => /"round":"replay".*"name":"edge-b"/.test(readFileSync(path.join(spoiled, name), 'utf8'));
    const name = readdirSync(spoiled).find(isOf) ?? '';
    const text = readFileSync(path.join(spoiled, name), 'utf8').replace('"answers":', '"replies":');
    rmSync(path.join(spoiled, name));
    writeFileSync(path.join(spoiled, `${hexOf(digestOf(text))}.json`), text);
    const { code, report } = await join('../spoiled');
    expect(code).toBe(2);
    const open = report.models[0]?.findings.filter(({ outcome }) => outcome === 'inconclusive') ?? [];
    expect(open.map(({ chipset, reason }) => `${chipset}: ${reason}`)).toEqual([
      expect.stringMatching(/^edge-b: edge-b was not measured: its replay part was refused: .*replies/),
    ]);
    expect(report.notes).toEqual([expect.stringMatching(/^A part was refused: "[0-9a-f]{64}\.json": .*replies/)]);
    // Cut off on the way, it cannot even say whose it is.
    writeFileSync(path.join(spoiled, `${hexOf(digestOf(text))}.json`), text.slice(0, 900));
    expect((await join('../spoiled')).stdout.replaceAll(/\s+/g, ' ')).toContain(
      'its replay part never came; a part that names no chipset was refused: it does not hold what its name says',
    );
  });

  it('cannot be joined before anything was predicted of what they replayed', async () => {
    const forgetful = repository.copy();
    forgetful.git('branch', '-D', 'fieldproof/ledger');
    const args = ['join', ...OF_CHECK, '--images', '../images', '--parts', '../parts'];
    const { code, stderr } = await runFieldproof(forgetful, args);
    forgetful.remove();
    expect(stderr).toMatch(/nothing was predicted of tiny on street before it was replayed/);
    expect(code).toBe(3);
  });

  it('never build: without the images a part could not run', async () => {
    const elsewhere = repository.copy();
    rmSync(path.join(elsewhere.folder, 'images'), { recursive: true });
    mkdirSync(path.join(elsewhere.folder, 'images'));
    const list = JSON.parse(readFileSync(path.join(repository.folder, 'images', 'images.json'), 'utf8')) as { built: unknown[] };
    writeFileSync(path.join(elsewhere.folder, 'images', 'images.json'), JSON.stringify({ ...list, built: [] }));
    const ran = await runFieldproof(elsewhere, part('research', 'edge-a', '../other'));
    elsewhere.remove();
    expect(ran.stderr).toMatch(/no image of tiny at tree [0-9a-f]+ was handed over, and none is built/);
    expect(ran.code).toBe(3);
  });
});
