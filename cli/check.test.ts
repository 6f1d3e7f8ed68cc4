import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import {
  makeDeployedRepository,
  makeModelRepository,
  runFieldproof,
  answersOf,
  type ModelRepository,
} from '../testing/worlds/model-repository.ts';
import { checkReportSchema, type CheckReport } from '../report/documents/check-report.ts';

let deployed: ModelRepository;
/** A change that passes, checked once for all that look at what it leaves behind. */
let passed: Awaited<ReturnType<typeof check>> & { repository: ModelRepository };
beforeAll(async () => {
  deployed = await makeDeployedRepository();
  const repository = deployed.copy();
  await repository.propose('as-good', { gains: [1.1, 1.1, 1.1] });
  passed = { repository, ...(await check(repository, 'as-good', '--report', '../reports')) };
});
afterAll(() => {
  passed.repository.remove();
  deployed.remove();
});

const opened: ModelRepository[] = [];
afterEach(() => {
  for (const repository of opened.splice(0)) repository.remove();
});

function copied(): ModelRepository {
  const repository = deployed.copy();
  opened.push(repository);
  return repository;
}

/** Checks a branch against main. */
async function check(repository: ModelRepository, head: string, ...args: string[]) {
  const ran = await runFieldproof(repository, ['check', '--base', 'main', '--head', head, '--json', '../report.json', ...args]);
  return { ...ran, report: reportOf(repository) };
}

function reportOf({ folder }: ModelRepository): CheckReport {
  return checkReportSchema.parse(JSON.parse(readFileSync(path.join(folder, 'report.json'), 'utf8')));
}

type Fact = { kind: string } & Record<string, unknown>;

/** The facts of the ledger in the order of its chain, as `fieldproof ledger --json` lists them. */
async function factsOf(repository: ModelRepository): Promise<Fact[]> {
  const { code, stdout } = await runFieldproof(repository, ['ledger', '--json']);
  expect(code).toBe(0);
  const lines = stdout.trim().split('\n');
  return lines.map((line) => (JSON.parse(line) as { record: { fact: Fact } }).record.fact);
}

function edit({ model }: ModelRepository, file: string, from: string | RegExp, to: string): void {
  const text = readFileSync(path.join(model, file), 'utf8');
  expect(text).toMatch(from);
  writeFileSync(path.join(model, file), text.replace(from, to));
}

describe('fieldproof check', () => {
  it('says of what touches nothing that is judged that it is not, and does nothing else', async () => {
    const repository = copied();
    repository.git('checkout', '--quiet', '-b', 'docs', 'main');
    repository.write({ 'README.md': 'A porch.' });
    repository.commit('Write it down');
    const refs = repository.git('for-each-ref');
    const { code, stdout } = await runFieldproof(repository, ['check', '--head', 'docs']);
    expect({ code, stdout }).toMatchObject({ code: 0, stdout: expect.stringMatching(/^NOT JUDGED  It touches no model/) });
    expect(repository.git('for-each-ref')).toBe(refs);
    // Who asks for a report gets one: an older one in its place would be taken for this commit's.
    expect((await check(repository, 'docs')).report.models[0]).toMatchObject({ history: 'unchanged' });
  });

  it('passes what is deployed already by identity, without starting a model', async () => {
    const repository = copied();
    await repository.propose('same', {});
    rmSync(answersOf(repository), { recursive: true });
    const ran = await check(repository, 'same');
    expect(ran.code).toBe(0);
    expect(ran.report.models[0]).toMatchObject({ outcome: 'pass', history: 'unchanged', findings: [], proposal: null });
    expect(ran.stderr).not.toMatch(/candidate|baseline/);
    expect(existsSync(answersOf(repository))).toBe(false);
  });

  it('fails a model that is worse, says by how much, and proposes nothing', async () => {
    const repository = copied();
    await repository.propose('worse', { gains: [0.2, 1, 1] });
    const before = repository.gitFleet('for-each-ref');
    const { code, stdout, report } = await check(repository, 'worse');
    expect(code).toBe(1);
    expect(stdout).toMatch(
      /^■ FAIL {2}tiny fails: on bench, the share of samples that are named right fell by 33\.3 points, clearly\s+more than/m,
    );
    expect(report.models[0]?.findings).toContainEqual(
      expect.objectContaining({ metric: 'event-recall', against: 'baseline', slice: null, outcome: 'fail' }),
    );
    expect(report.models[0]?.proposal).toBeNull();
    expect(repository.gitFleet('for-each-ref')).toBe(before);
  });

  it('passes a model that is as good, and proposes one commit pinned by the digests of the report', () => {
    const { repository, code, report } = passed;
    expect(code).toBe(0);
    expect(report.headline).toBe('tiny passes: nothing got worse by more than is allowed (8 comparisons).');
    const [model] = report.models;
    const branch = model?.proposal?.branch ?? '';
    expect(repository.gitFleet('rev-list', '--count', `main..${branch}`)).toBe('1');
    const message = repository.gitFleet('log', '-1', '--format=%B', branch);
    expect(message).toContain(`Fieldproof-Source-Commit: ${repository.git('rev-parse', 'as-good')}`);
    expect(message).toContain(`Fieldproof-Source-Tree: ${repository.git('rev-parse', 'as-good:models/tiny')}`);
    expect(message).toContain(`Fieldproof-Record: ${model?.record}`);
    expect(message).toContain(`Fieldproof-Base: ${repository.gitFleet('rev-parse', 'main')}`);
    const overlays = repository.gitFleet('ls-tree', '-r', '--name-only', branch).match(/.*\/here\/kustomization\.yaml/g) ?? [];
    expect(overlays).toHaveLength(2);
    for (const overlay of overlays) {
      const manifest = repository.gitFleet('show', `${branch}:${overlay}`);
      expect(manifest).toContain(`digest: ${model?.candidate.stages['model']?.model}`);
      expect(manifest).toContain(`digest: ${model?.candidate.stages['model']?.runtime}`);
    }
  });

  it('leaves undecided what too little data cannot decide, and says what would', async () => {
    const repository = copied();
    edit(repository, 'fieldproof.yaml', 'metric: top1, margin: 20%', 'metric: top1, margin: 1%');
    repository.commit('Ask for more than the bench can show');
    await repository.propose('as-good', { gains: [1.1, 1.1, 1.1] });
    const { code, report, stdout } = await check(repository, 'as-good');
    expect(code).toBe(2);
    expect(stdout).toMatch(/INCONCLUSIVE/i);
    const undecided = report.models[0]?.findings.filter(({ outcome }) => outcome === 'inconclusive') ?? [];
    expect(undecided.map(({ metric, against }) => [metric, against])).toEqual([['top1', 'baseline']]);
    expect(undecided[0]?.remedy).toMatch(/it takes at least \d+/);
    // Somebody may answer for it: it waits on a branch, and nothing deploys it before.
    expect(report.models[0]?.proposal?.branch).toMatch(/^fieldproof\/tiny\//);
  });

  it('judges a pull request that relaxes its own gate by the gate of the base', async () => {
    const repository = copied();
    await repository.propose('lenient', { gains: [0.2, 1, 1] });
    edit(repository, 'fieldproof.yaml', 'margin: 20%, at-least: 50%', 'margin: 90%, at-least: 1%');
    edit(repository, 'fieldproof.yaml', 'margin: 25%, at-least: 50%, guard: [site]', 'margin: 99%, at-least: 0%');
    repository.commit('Relax the gates');
    const { code, report } = await check(repository, 'lenient');
    expect(code).toBe(1);
    expect(report.policy).toBe(repository.git('rev-parse', 'main'));
    expect(report.notes.join('\n')).toMatch(/fieldproof\.yaml differs in head; gates, budgets and datasets are the base's/);
    expect(report.models[0]?.findings).toContainEqual(
      expect.objectContaining({ metric: 'top1', against: 'baseline', margin: 0.2, outcome: 'fail' }),
    );
  });

  it('commits its prediction before the candidate sees the first clip, and answers it afterwards', async () => {
    const { repository, report } = passed;
    const facts = await factsOf(repository);
    const prediction = facts.findIndex(({ kind }) => kind === 'prediction');
    const candidate = report.models[0]?.candidate;
    const scored = facts.flatMap((fact, index) =>
      fact.kind === 'evaluation' && fact['dataset'] === 'street' && JSON.stringify(fact['release']) === JSON.stringify(candidate)
        ? [index]
        : [],
    );
    expect(prediction).toBeGreaterThan(-1);
    expect(scored.length).toBeGreaterThan(0);
    for (const index of scored) expect(index).toBeGreaterThan(prediction);
    const kinds = facts.map(({ kind }) => kind);
    expect(kinds.indexOf('outcome')).toBeGreaterThan(Math.max(...scored));
    expect(kinds.slice(-3)).toEqual(['verdict', 'iteration', 'proposal']);
  });

  it('writes reports that fieldproof report renders again', async () => {
    const { repository, stdout } = passed;
    const at = (name: string) => path.join(repository.folder, 'reports', name);
    const again = async (...args: string[]) => (await runFieldproof(repository, ['report', at('report.json'), ...args])).stdout;
    const [terminal, ...files] = await Promise.all([
      again(),
      again('--format', 'json'),
      again('--format', 'markdown'),
      again('--format', 'html'),
    ]);
    expect(stdout.replace(/\n.*report\.html.*\n/, '')).toContain(terminal.trim());
    expect(files).toEqual(['report.json', 'report.md', 'report.html'].map((name) => readFileSync(at(name), 'utf8')));
  });
});

describe('the first release of a model', () => {
  it('is judged by absolute bounds alone and recorded as first', async () => {
    const repository = await makeModelRepository();
    opened.push(repository);
    const { code, report } = await check(repository, 'main');
    expect(code).toBe(0);
    const [model] = report.models;
    expect(model).toMatchObject({ history: 'first', baselines: [], prediction: null });
    expect(model?.findings.map(({ against }) => against)).toEqual(['bound', 'bound', 'bound']);
    expect((await factsOf(repository)).slice(-3)).toMatchObject([
      { kind: 'verdict', history: 'first', outcome: 'pass' },
      { kind: 'iteration', model: 'tiny', commits: { count: expect.any(Number) }, answers: [] },
      { kind: 'proposal', model: 'tiny', branch: model?.proposal?.branch, commit: model?.proposal?.commit },
    ]);
  });
});
