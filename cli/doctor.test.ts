import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { doctorReportSchema, type DoctorReport } from '../report/documents/doctor-report.ts';
import { NARROW_TOKEN, startGithub, type Github } from '../testing/github/github.ts';
import {
  APP,
  configText,
  kubeconfigOf,
  runDoctor,
  template,
  wholeInstallation,
  workflow,
  type Installation,
} from '../testing/worlds/doctored.ts';

let github: Github;
beforeAll(async () => {
  github = await startGithub();
});
afterAll(() => github.close());
beforeEach(() => github.reset());

/** The App's own key, as whoever administers it has it. */
const appKey = () => ({ FIELDPROOF_APP_ID: String(github.app.id), FIELDPROOF_APP_PRIVATE_KEY: github.app.privateKey });

function installation(change: (there: Installation) => void = () => {}): Installation {
  const there = wholeInstallation();
  Object.assign(there.env, appKey());
  change(there);
  return there;
}

async function examine(there: Installation): Promise<{ code: number | null; report: DoctorReport; all: string }> {
  const { code, stdout, stderr } = await runDoctor(github, there, ['doctor', '--json']);
  return { code, report: doctorReportSchema.parse(JSON.parse(stdout)), all: stdout + stderr };
}

const namesOf = ({ diagnoses }: DoctorReport, state: string) =>
  diagnoses.filter((each) => each.state === state).map(({ name }) => name);

describe('fieldproof doctor', () => {
  it('finds nothing missing where nothing is', async () => {
    const { code, report } = await examine(installation());
    expect(report).toMatchObject({ version: 1, repository: 'acme/porch', branch: 'main' });
    expect(report.diagnoses.filter(({ state }) => state !== 'well')).toEqual([]);
    expect(report.diagnoses).toHaveLength(19);
    expect(code).toBe(0);
  });

  const inWorkflow = (name: string, from: string | RegExp, to: string) => inFile(workflow(name), from, to);
  const inConfig = (from: string | RegExp, to: string) => inFile('fieldproof.yaml', from, to);
  const inFile = (file: string, from: string | RegExp, to: string) => (there: Installation) => {
    const text = there.files[file] ?? '';
    there.files[file] = text.replace(from, to);
    expect(there.files[file]).not.toBe(text);
  };
  const without = (list: string[], name: string) => list.splice(list.indexOf(name), 1);

  it.each<[string, string, (there: Installation) => void, RegExp]>([
    ['no configuration', 'configuration', ({ files }) => (files['fieldproof.yaml'] += 'x: 1\n'), /unknown field "x"/],
    [
      'no deploy workflow',
      'workflows',
      ({ files }) => delete files[workflow('fieldproof-deploy.yml')],
      /no workflow on main deploys/,
    ],
    [
      'both checks at once',
      'workflows',
      ({ files }) => (files[workflow('fieldproof-check.yml')] = template('fieldproof-check.yml')),
      /both write the check/,
    ],
    ['an action by its tag', 'workflows', inWorkflow('fieldproof-replay.yml', /@1{40}/, '@v1'), /can be moved to other code/],
    [
      'an action that is older than ours',
      'workflows',
      inWorkflow('fieldproof-replay.yml', /checkout@\w+ # v[\d.]+/, `checkout@${'2'.repeat(40)} # v4.2.0`),
      /calls actions\/checkout 4\.2\.0/,
    ],
    [
      'deploys of another branch',
      'workflows',
      inWorkflow('fieldproof-deploy.yml', /branches: \[.*\]/, 'branches: [trunk]'),
      /pushes to trunk/,
    ],
    [
      'a queue that nobody answers',
      'workflows',
      (there) => {
        inWorkflow('fieldproof-check-forks.yml', /\n {2}merge_group:\n[^\n]*/, '')(there);
        there.setup.rules['main']?.push({ type: 'merge_queue' });
      },
      /does not answer the merge queue/,
    ],
    [
      'a token that may not push',
      'token permissions',
      inWorkflow('fieldproof-deploy.yml', 'contents: write', 'contents: read'),
      /contents: write/,
    ],
    [
      'a ledger that can be rewound',
      'ledger branch',
      ({ setup }) => (setup.rules['fieldproof/ledger'] = [{ type: 'deletion' }]),
      /forced push/,
    ],
    ['a ledger that can be deleted', 'ledger branch', ({ setup }) => setup.rules['fieldproof/ledger']?.pop(), /deleted/],
    [
      'no signing key',
      'signing key',
      ({ setup }) => without(setup.secrets, 'FIELDPROOF_SIGNING_KEY'),
      /FIELDPROOF_SIGNING_KEY, which is not set/,
    ],
    [
      'a signing key that one job is not handed',
      'signing key',
      inWorkflow('fieldproof-deploy.yml', /\n *signing-key: .*/, ''),
      /no signing-key is handed to fieldproof-deploy\.yml \(job deploy\)/,
    ],
    ['nobody who signs the ledger', 'ledger keys', inConfig(/^ledger: .*\n/m, ''), /names no key, so that every entry counts/],
    [
      'a key whose time is over',
      'ledger keys',
      inConfig(' } ] }\ngithub:', ', until: 2020-12-31 } ] }\ngithub:'),
      /no key of ledger\.keys of fieldproof\.yaml signs today/,
    ],
    [
      'weights in LFS that nobody fetches',
      'Git LFS',
      ({ files }) => {
        files['.gitattributes'] = '*.onnx filter=lfs diff=lfs merge=lfs -text\n';
        files['models/porch/one.onnx'] = `version https://git-lfs.github.com/spec/v1\noid sha256:${'3'.repeat(64)}\nsize 4\n`;
        const check = '.github/workflows/fieldproof-check-forks.yml';
        files[check] = (files[check] ?? '').replaceAll('name: fieldproof-data', 'name: something-else');
      },
      /models\/porch\/one\.onnx lie in Git LFS/,
    ],
    ['no required check', 'required check', ({ setup }) => (setup.rules['main'] = []), /does not require the check Fieldproof/],
    [
      'a check that anybody may publish',
      'required check',
      ({ setup }) => (setup.rules['main'] = required({ integration_id: 15368 })),
      /any workflow could publish one of its name/,
    ],
    [
      'a check of what the base was once',
      'required check',
      ({ setup }) => (setup.rules['main'] = required({ strict: false })),
      /that it was not judged against/,
    ],
    [
      'no key of the App for a job',
      'App',
      ({ setup }) => without(setup.secrets, 'FIELDPROOF_APP_PRIVATE_KEY'),
      /FIELDPROOF_APP_PRIVATE_KEY/,
    ],
    ['an App that may not write checks', 'App permissions', ({ setup }) => (setup.app['checks'] = 'read'), /lacks checks: write/],
    ['runners open to forks', 'environments', ({ setup }) => (setup.environments = []), /no required reviewers/],
    [
      'jobs that may not open pull requests',
      'pull requests by jobs',
      (there) => {
        there.files['fieldproof.yaml'] = configText('');
        there.setup.secrets = there.setup.secrets.filter((name) => !name.startsWith('FIELDPROOF_APP'));
      },
      /jobs may not open pull requests/,
    ],
    ['a label without a runner', 'runners', ({ setup }) => (setup.runners = []), /no runner has the label edge-box/],
    ['a runner that is off', 'runners', ({ setup }) => setup.runners.forEach((each) => (each.online = false)), /offline: box-1/],
    ['no registry', 'registry', ({ setup }) => delete setup.variables['FIELDPROOF_REGISTRY'], /pushed nowhere/],
    [
      'another registry',
      'registry',
      ({ setup }) => (setup.variables['FIELDPROOF_REGISTRY'] = 'ghcr.io'),
      /pushed to registry\.example/,
    ],
    [
      'no password for it',
      'registry',
      ({ setup }) => without(setup.secrets, 'FIELDPROOF_REGISTRY_PASSWORD'),
      /FIELDPROOF_REGISTRY_PASSWORD/,
    ],
    [
      'a fleet that may only be read',
      'fleet',
      ({ setup }) => (setup.fleet.writers = []),
      /may not push to https:\/\/github\.com\/acme\/porch-fleet/,
    ],
    [
      'no token for the fleet',
      'fleet',
      ({ setup }) => (setup.organisationSecrets = []),
      /FIELDPROOF_FLEET_TOKEN, which is not set/,
    ],
    [
      'an Enterprise Server, which keeps artifacts otherwise',
      'artifact service',
      (there) => {
        const text = there.files['fieldproof.yaml'] ?? '';
        there.files['fieldproof.yaml'] = text.replace('https://github.com/', 'https://git.acme.example/');
        Object.assign(there.env, { GITHUB_SERVER_URL: 'https://git.acme.example', GITHUB_REPOSITORY: 'acme/porch' });
      },
      /of version 4 or later/,
    ],
    [
      'canaries that the job cannot see',
      'controllers',
      inConfig('context: oslo }', 'context: oslo, canary: true }'),
      /FIELDPROOF_KUBECONFIG, which is not set/,
    ],
    [
      'a bucket of data without its keys',
      'buckets',
      inConfig('street.yaml }', 'street.yaml, source: { s3: { bucket: porch-data } } }'),
      /fieldproof-check-forks\.yml \(job open\) names the secret FIELDPROOF_BUCKET_ACCESS_KEY_ID, which is not set/,
    ],
    [
      'a bucket of reports that the job which publishes is not handed',
      'buckets',
      (there) => {
        const bucket = '{ bucket: { name: reports, public-url: "https://reports.example" } }';
        inConfig('check-name: Fieldproof', `check-name: Fieldproof\n  report: ${bucket}`)(there);
        inWorkflow('fieldproof-check-forks.yml', /fail-on: never\n *bucket-access-key-id: .*/, 'fail-on: never')(there);
        there.setup.secrets.push('FIELDPROOF_BUCKET_ACCESS_KEY_ID', 'FIELDPROOF_BUCKET_SECRET_ACCESS_KEY');
      },
      /no bucket-access-key-id is handed to fieldproof-check-forks\.yml \(job publish\)/,
    ],
    [
      'a private base image that nobody logs in for',
      'private registry',
      inConfig('chipsets:', 'base-images: [ images.example/python ]\nchipsets:'),
      /FIELDPROOF_PULL_REGISTRY is not set, so nobody logs in to fetch images\.example\/python/,
    ],
    [
      'a private base image without its password',
      'private registry',
      (there) => {
        inConfig('chipsets:', 'base-images: [ images.example/python ]\nchipsets:')(there);
        Object.assign(there.setup.variables, { FIELDPROOF_PULL_REGISTRY: 'images.example', FIELDPROOF_PULL_USER: 'robot' });
      },
      /FIELDPROOF_PULL_PASSWORD is not set for fieldproof-check-forks\.yml \(job open\)/,
    ],
    [
      'a site that kubectl does not know',
      'controllers',
      (there) => (there.kubeconfig = kubeconfigOf('bergen')),
      /no context oslo/,
    ],
  ])('names what is missing, and nothing else: %s', async (_, name, change, says) => {
    const { code, report } = await examine(installation(change));
    expect(namesOf(report, 'missing')).toEqual([name]);
    expect(namesOf(report, 'unknown')).toEqual([]);
    const found = report.diagnoses.find((each) => each.name === name);
    expect(found?.says).toMatch(says);
    expect(found?.remedy).toMatch(/\S/);
    expect(code).toBe(1);
  });

  it('says of what a token may not read what that would take, and calls it neither well nor missing', async () => {
    github.proxy.limit(NARROW_TOKEN, { contents: 'read', metadata: 'read' });
    const there = wholeInstallation();
    there.env = { GITHUB_TOKEN: NARROW_TOKEN };
    const { code, report } = await examine(there);
    expect(namesOf(report, 'missing')).toEqual([]);
    const unknown = Object.fromEntries(
      report.diagnoses.filter(({ state }) => state === 'unknown').map(({ name, says }) => [name, says.replace(/.*: needs /, '')]),
    );
    expect(unknown).toEqual({
      'signing key': 'permission "secrets: read"',
      App: 'permission "secrets: read"',
      'App permissions': "the App's key",
      environments: 'permission "actions: read"',
      runners: 'permission "administration: read"',
      registry: 'permission "actions_variables: read"',
      fleet: 'permission "secrets: read"',
    });
    expect(code).toBe(2);
  });

  it('tries with git whether a fleet elsewhere can be pushed to, and leaves nothing there', async () => {
    const folder = mkdtempSync(path.join(tmpdir(), 'fieldproof-fleet-'));
    const git = (...args: string[]) => execFileSync('git', args, { encoding: 'utf8' });
    git('init', '--quiet', '--bare', path.join(folder, 'fleet.git'));
    const elsewhere = (name: string) => (there: Installation) => {
      const text = there.files['fieldproof.yaml'] ?? '';
      there.files['fieldproof.yaml'] = text.replace('https://github.com/acme/porch-fleet', `file://${folder}/${name}`);
    };
    const there = await examine(installation(elsewhere('fleet.git')));
    expect({ code: there.code, refs: git('-C', path.join(folder, 'fleet.git'), 'for-each-ref') }).toEqual({ code: 0, refs: '' });
    const { code, report } = await examine(installation(elsewhere('none.git')));
    rmSync(folder, { recursive: true });
    expect({ code, unknown: namesOf(report, 'unknown') }).toEqual({ code: 2, unknown: ['fleet'] });
  });

  it('shows no secret, and asks with GET alone', async () => {
    const there = installation(({ files }) => {
      files['fieldproof.yaml'] = (files['fieldproof.yaml'] ?? '').replace(
        'https://github',
        'https://robot:a-password-of-a-fleet@github',
      );
    });
    const { all } = await examine(there);
    const { stdout } = await runDoctor(github, there);
    for (const secret of [
      ...Object.values(there.env).filter((value) => value !== String(APP)),
      'a-token-of-a-cluster',
      'a-password',
    ])
      expect(all + stdout).not.toContain(secret);
    const asked = new Set(github.proxy.calls.map(({ method }) => method));
    expect([...asked]).toEqual(['GET']);
  });

  it('tells a person what to click', async () => {
    const there = installation(({ setup }) => (setup.rules['fieldproof/ledger'] = []));
    const { code, stdout } = await runDoctor(github, there);
    expect(stdout).toMatch(/^acme\/porch at main: 18 of 19 well, 1 missing\n/);
    expect(stdout).toMatch(/■ ledger branch {2,}fieldproof\/ledger can be moved back by a forced push or\s+deleted/);
    expect(stdout.replaceAll(/\s+/g, ' ')).toContain('→ Settings > Rules > Rulesets > New branch ruleset for fieldproof/ledger');
    expect(code).toBe(1);
  });

  it('says of a repository where nothing is committed yet what to begin with', async () => {
    const { code, report } = await examine(installation((there) => (there.files = { 'README.md': 'A model\n' })));
    expect(namesOf(report, 'missing')).toEqual(['configuration', 'workflows']);
    expect(code).toBe(1);
  });

  it('is how init ends, where there is a token', async () => {
    const there = installation((each) => (each.files = { 'README.md': 'A model\n' }));
    const { code, stdout } = await runDoctor(github, there, ['init', '--github']);
    expect(stdout).toMatch(/■ workflows {2,}no workflow on main judges a pull request/);
    expect(code).toBe(0);
    there.env = {};
    const silent = await runDoctor(github, there, ['init', '--github']);
    expect(silent).toMatchObject({ code: 0, stdout: expect.stringContaining('GITHUB_TOKEN=$(gh auth token) fieldproof doctor') });
  });

  it.each([
    ['nobody to look as', { GITHUB_TOKEN: '' }, /nothing to sign in with[^]*gh auth token/],
    ['a repository that is not there', { GITHUB_REPOSITORY: 'acme/other' }, /404[^]*check owner and name/],
  ])('could not run: %s', async (_, env, message) => {
    const there = wholeInstallation();
    Object.assign(there.env, env);
    const { code, stderr } = await runDoctor(github, there);
    expect(stderr).toMatch(message);
    expect(code).toBe(3);
  });
});

function required({ integration_id = APP, strict = true }: { integration_id?: number; strict?: boolean }) {
  const required_status_checks = [{ context: 'Fieldproof', integration_id }];
  const parameters = { required_status_checks, strict_required_status_checks_policy: strict };
  return [{ type: 'required_status_checks' as const, parameters }];
}
