import { execFileSync, spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import sharp from 'sharp';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { OWNER, REPOSITORY, startGithub, type Github } from '../testing/github/github.ts';
import { pushTo } from '../testing/github/push.ts';
import { seeAll, type Seeded } from '../testing/github/world.ts';
import { failingReport, passingReport } from '../testing/reports/report-fixtures.ts';
import type { CheckReport } from '../report/documents/check-report.ts';
import { renderJson } from '../report/json.ts';

const config = (github: string) => `version: 1
models:
  porch: { build: models/porch, image: registry.example/acme/porch, task: classification }
datasets:
  street: { manifest: datasets/street.yaml }
chipsets:
  edge-box: { platform: linux/arm64 }
gates:
  porch:
    - { dataset: street, metric: event-recall, margin: 5% }
    - { dataset: street, metric: false-alarms-per-hour, margin: 0.5 }
github:
${github}`;

let github: Github;
let folder: string;
let seeded: Seeded;
beforeAll(async () => {
  github = await startGithub();
});
afterAll(() => github.close());
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'fieldproof-publish-'));
  return () => rmSync(folder, { recursive: true });
});

const git = (...args: string[]) =>
  execFileSync('git', ['-C', folder, '-c', 'user.name=Dev', '-c', 'user.email=dev@example.com', ...args], {
    encoding: 'utf8',
  }).trim();

/** A repository whose base has this policy and whose head has another, with a pull request between them. */
async function repository(policy: string): Promise<void> {
  git('init', '--quiet', '--initial-branch=main');
  mkdirSync(path.join(folder, 'models', 'porch'), { recursive: true });
  writeFileSync(path.join(folder, 'fieldproof.yaml'), config(policy));
  writeFileSync(path.join(folder, 'models/porch/model.yaml'), 'version: 1\nweights: { default: one.onnx }\n');
  git('add', '.');
  git('commit', '--quiet', '-m', 'Begin');
  git('checkout', '--quiet', '-b', 'change');
  writeFileSync(path.join(folder, 'models/porch/model.yaml'), 'version: 1\nweights: { default: two.onnx }\n');
  writeFileSync(path.join(folder, 'fieldproof.yaml'), config('  inconclusive: neutral\n  check-name: Forged\n'));
  git('commit', '--quiet', '-am', 'Change');
  github.reset();
  const [main, head] = [await pushTo(github, folder, 'main'), await pushTo(github, folder, 'change')];
  const pull = { title: 'Sharper', head: 'change', base: 'main' };
  const { number } = await github.call<{ number: number }>('POST', `/repos/${OWNER}/${REPOSITORY}/pulls`, pull);
  seeded = { main, head, pullRequest: number, proposalBranch: '' };
}

type Ran = { code: number | null; output: string };

async function publish(report: CheckReport | string, env: Record<string, string> = {}): Promise<Ran> {
  writeFileSync(path.join(folder, 'report.json'), typeof report === 'string' ? report : renderJson(report));
  return await fieldproof(['publish', '--report', 'report.json', ...about()], env);
}

const about = () => ['--head', seeded.head, '--pull-request', String(seeded.pullRequest)];

async function fieldproof(args: readonly string[], env: Record<string, string> = {}): Promise<Ran> {
  const cli = path.resolve(import.meta.dirname, 'cli.ts');
  const app = {
    FIELDPROOF_APP_ID: String(github.app.id),
    FIELDPROOF_APP_PRIVATE_KEY: github.app.privateKey.replaceAll('\n', '\\n'),
  };
  const place = { GITHUB_REPOSITORY: `${OWNER}/${REPOSITORY}`, GITHUB_API_URL: github.proxy.url };
  const child = spawn(process.execPath, [cli, ...args], {
    cwd: folder,
    env: { PATH: process.env['PATH'], ...place, ...app, ...env },
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (data: Buffer) => (output += data.toString()));
  const code = await new Promise<number | null>((resolve) => void child.on('close', resolve));
  return { code, output };
}

describe('fieldproof publish', () => {
  it("publishes under the base's policy: the check, annotations on lines of the head, the comment, the job summary", async () => {
    await repository('  check-name: Model check\n  pictures: branch\n  blur: true\n');
    const jpeg = await sharp({ create: { width: 32, height: 18, channels: 3, background: 'grey' } })
      .jpeg()
      .toBuffer();
    const summary = path.join(folder, 'summary.md');
    const { code, output } = await publish(
      { ...failingReport([jpeg.toString('base64')]), head: seeded.head },
      { GITHUB_STEP_SUMMARY: summary },
    );
    expect(output).toMatch(/^check .*\ncomment .*\nsummary /);
    expect(code).toBe(0);
    const { checkRuns, comments } = await seeAll(github, seeded);
    expect(checkRuns).toMatchObject([{ app: 'fieldproof', name: 'Model check', conclusion: 'failure' }]);
    expect(checkRuns[0]?.annotations[0]).toMatchObject({ path: 'models/porch/model.yaml', line: 2 });
    expect(comments).toMatchObject([{ author: 'fieldproof', body: expect.stringContaining('<!-- fieldproof:model-check -->') }]);
    expect(comments[0]?.body).toMatch(/<img src="https:\/\/github\.com\/acme\/porch\/blob\/[0-9a-f]{40}\/[^"]*\.jpg\?raw=true"/);
    expect(readFileSync(summary, 'utf8')).toContain('Fieldproof: fails');
  });

  it('says in the check what a workflow token and a plain pull_request event cannot promise', async () => {
    await repository('  comment: false\n');
    const token = {
      FIELDPROOF_APP_ID: '',
      FIELDPROOF_APP_PRIVATE_KEY: '',
      GITHUB_TOKEN: 'token-0-of-a-person',
      GITHUB_EVENT_NAME: 'pull_request',
    };
    const { code, output } = await publish({ ...passingReport(), head: seeded.head }, token);
    expect({ code, output }).toMatchObject({ code: 0, output: expect.stringContaining('comment  none') });
    const [run] = (await seeAll(github, seeded)).checkRuns;
    expect(run?.summary).toContain('any workflow of this repository could publish a check of this name');
    expect(run?.summary).toContain('it proves nothing against its author');
  });

  it('refuses a token where policy asks for an App, and publishes nothing', async () => {
    await repository(`  app-id: ${github.app.id}\n`);
    const { code, output } = await publish(
      { ...passingReport(), head: seeded.head },
      { FIELDPROOF_APP_ID: '', FIELDPROOF_APP_PRIVATE_KEY: '', GITHUB_TOKEN: 'token-0-of-a-person' },
    );
    expect({ code, output }).toMatchObject({
      code: 3,
      output: expect.stringContaining(`asks for App ${github.app.id}, but a token was given`),
    });
    expect((await seeAll(github, seeded)).checkRuns).toEqual([]);
  });

  it('ends a check that could not run, saying why; the next run for that commit is one of its own', async () => {
    await repository('  comment: true\n');
    const opened = ['open', '--base', 'main', '--head', seeded.head, '--out', 'opened', '--problems', 'problems.json'];
    const { code } = await fieldproof(opened);
    expect(code).toBe(3);
    for (let n = 0; n < 2; n += 1)
      expect((await fieldproof(['publish', '--problems', 'problems.json', ...about()])).code).toBe(0);
    const { checkRuns, comments } = await seeAll(github, seeded);
    expect(checkRuns).toMatchObject([
      { status: 'completed', conclusion: 'failure', title: expect.stringMatching(/^Could not run: /) },
    ]);
    expect(checkRuns[0]?.summary).toMatch(/Nothing was judged[^]*\*\*What to do:\*\* /);
    expect(comments.map(({ body }) => body)).toEqual([expect.stringContaining('Fieldproof could not run')]);
    await publish({ ...passingReport(), head: seeded.head });
    const after = await seeAll(github, seeded);
    expect(after.checkRuns.map(({ conclusion }) => conclusion)).toEqual(['failure', 'success']);
    expect(after.comments.map(({ body }) => body)).toEqual([expect.stringContaining('Fieldproof: passes')]);
  });

  it('says that it could not run also where the configuration is what keeps it from running', async () => {
    await repository('  check-name: Model check\n');
    git('checkout', '--quiet', 'main');
    writeFileSync(path.join(folder, 'fieldproof.yaml'), 'version: 1\nmodels: []\n');
    git('commit', '--quiet', '--all', '--message', 'Break it');
    expect((await fieldproof(['publish', '--problems', 'none.json', ...about()])).code).toBe(0);
    expect((await seeAll(github, seeded)).checkRuns).toMatchObject([
      { name: 'Fieldproof', conclusion: 'failure', title: 'Could not run: the job: was ended before it could say why' },
    ]);
  });

  it('names the permission that the App lacks', async () => {
    await repository('  comment: true\n');
    github.proxy.limit('fieldproof[bot]', { contents: 'write', pull_requests: 'write' });
    const named = /403 Resource not accessible[^]*remedy: give it the permission "checks: write": an App in its settings/;
    const { code, output } = await publish({ ...passingReport(), head: seeded.head });
    expect({ code, output }).toMatchObject({ code: 3, output: expect.stringMatching(named) });
    const ended = await fieldproof(['publish', '--problems', 'none.json', ...about()]);
    expect(ended).toMatchObject({ code: 3, output: expect.stringMatching(named) });
  });

  it.each([
    ['no report', '{"version": 1, "models": [{"model": "../../x"}]}', {}, /report\.json \(base\)/],
    ['a wrong key', null, { FIELDPROOF_APP_PRIVATE_KEY: 'no key' }, /could not find the installation of the App: (?!.*no key)/],
    ['a wrong repository', null, { GITHUB_REPOSITORY: 'acme/porch/x' }, /GITHUB_REPOSITORY.*\n?.*write owner\/name/],
    ['nothing to sign in with', null, { FIELDPROOF_APP_ID: '', FIELDPROOF_APP_PRIVATE_KEY: '' }, /nothing to sign in with/],
    ['no such repository', null, { GITHUB_REPOSITORY: 'acme/other' }, /404.*\n  remedy: check owner and name/],
  ] as const)('answers %s with a remedy', async (_, report, env, message) => {
    await repository('  comment: true\n');
    const { code, output } = await publish(report ?? { ...passingReport(), head: seeded.head }, env);
    expect(output).toMatch(message);
    expect(code).toBe(3);
    expect((await seeAll(github, seeded)).checkRuns).toEqual([]);
  });
});
