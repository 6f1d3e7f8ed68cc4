import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';

type Step = {
  uses?: string;
  run?: string;
  'continue-on-error'?: boolean;
  with?: Record<string, string>;
  env?: Record<string, string>;
};
type Job = { if?: string; permissions?: Record<string, string>; steps: Step[]; environment?: string; 'runs-on': string };
type Workflow = {
  on: Record<string, { branches?: string[] }>;
  permissions: Record<string, string>;
  concurrency: { group: string };
  jobs: Record<string, Job>;
};

const templates = path.join(import.meta.dirname, 'init', 'workflows');
const examples = path.resolve(import.meta.dirname, '..', 'examples', 'porch', 'repository', '.github', 'workflows');
const read = (folder: string, name: string) => readFileSync(path.join(folder, name), 'utf8');
const names = readdirSync(templates);

describe.each(names)('the workflow %s', (name) => {
  const text = read(templates, name);
  const { permissions, jobs } = parse(text) as Workflow;
  const all = Object.values(jobs);

  it('gives nothing that a job does not ask for, and pins what it calls by commit', () => {
    expect(permissions).toEqual({});
    for (const { permissions: own, steps } of all) {
      expect(own).toBeDefined();
      for (const { uses } of steps) expect(uses ?? 'a@'.padEnd(42, '0')).toMatch(/@[0-9a-f]{40}$/);
    }
    for (const line of text.match(/uses: .*/g) ?? []) expect(line).toMatch(/ # (v\d+\.\d+\.\d+$|set: )/);
  });

  it('says in the check that a registry could not be reached, and does not end without one', () => {
    const logins = all.flatMap(({ steps }) => steps.filter(({ run }) => run?.startsWith('docker login')));
    for (const login of logins) expect(login['continue-on-error']).toBe(true);
  });

  it('leaves no credentials in the working tree, and reads and writes no cache', () => {
    const checkouts = all.flatMap(({ steps }) => steps.filter(({ uses }) => uses?.startsWith('actions/checkout@')));
    for (const { with: given } of checkouts) expect(given?.['persist-credentials']).toBe(false);
    expect(text).not.toMatch(/actions\/cache|cache:|setup-node/);
  });
});

const APP = ['FIELDPROOF_APP_ID', 'FIELDPROOF_APP_PRIVATE_KEY', 'FIELDPROOF_FLEET_TOKEN'];
const SIGNING = [...APP, 'FIELDPROOF_SIGNING_KEY'];
const BUCKET = ['FIELDPROOF_BUCKET_ACCESS_KEY_ID', 'FIELDPROOF_BUCKET_SECRET_ACCESS_KEY'];
const [PULL, PUSH] = ['FIELDPROOF_PULL_PASSWORD', 'FIELDPROOF_REGISTRY_PASSWORD'];

/** What is fetched needs what may read it, what is published what may write it, and what is deployed the clusters. */
const SECRETS: Readonly<Record<string, readonly string[]>> = {
  'fieldproof-audit.yml audit': [...SIGNING, ...BUCKET, PULL],
  'fieldproof-accept.yml accept': SIGNING.filter((name) => name !== 'FIELDPROOF_FLEET_TOKEN'),
  'fieldproof-check-forks.yml open': [...APP, ...BUCKET, PULL],
  'fieldproof-check-forks.yml images': [],
  'fieldproof-check-forks.yml research': [],
  'fieldproof-check-forks.yml predict': SIGNING,
  'fieldproof-check-forks.yml replay': [],
  'fieldproof-check-forks.yml publish': [...SIGNING, ...BUCKET, PUSH],
  'fieldproof-check.yml check': [...SIGNING, ...BUCKET, PULL, PUSH],
  'fieldproof-deploy.yml deploy': [...SIGNING, 'FIELDPROOF_KUBECONFIG'],
  'fieldproof-replay.yml complete': [...SIGNING, ...BUCKET, PULL],
  'fieldproof-replay.yml replay': [...SIGNING, ...BUCKET, PULL],
};

it('each job is given exactly the secrets that it needs', () => {
  const given = names.flatMap((name) =>
    Object.entries((parse(read(templates, name)) as Workflow).jobs).map(([job, steps]) => {
      const named = [...JSON.stringify(steps).matchAll(/secrets\.(\w+)/g)].map(([, secret = '']) => secret);
      return [`${name} ${job}`, [...new Set(named)].toSorted((a, b) => (a < b ? -1 : 1))];
    }),
  );
  const needed = Object.entries(SECRETS).map(([job, secrets]) => [job, secrets.toSorted((a, b) => (a < b ? -1 : 1))]);
  expect(Object.fromEntries(given)).toEqual(Object.fromEntries(needed));
});

describe('the stages for forks', () => {
  const { jobs } = parse(read(templates, 'fieldproof-check-forks.yml')) as Workflow;
  const stranger = ['images', 'research', 'replay'];
  const callOf = (job: Job | undefined) => job?.steps.find(({ uses }) => uses?.startsWith('fieldproof/'));

  it('are open, images, research, predict, replay, publish', () => {
    expect(Object.keys(jobs)).toEqual(['open', 'images', 'research', 'predict', 'replay', 'publish']);
  });

  it("give a job beside a stranger's program no secret and no right to write", () => {
    for (const name of stranger) {
      expect(jobs[name]?.permissions).toEqual({ contents: 'read' });
      expect(callOf(jobs[name])?.with).toMatchObject({ 'github-token': '', ledger: '' });
      expect(JSON.stringify(jobs[name])).not.toContain('secrets.');
    }
  });

  it('check out the base alone, and call no code of the pull request', () => {
    for (const { steps } of Object.values(jobs)) {
      const [checkout] = steps;
      expect(checkout?.with?.['ref']).toBe('${{ github.event.pull_request.base.sha || github.event.merge_group.base_sha }}');
      const runs = steps.filter(({ run }) => run !== undefined);
      for (const { run } of runs) expect(run).not.toMatch(/\$\{\{/);
      expect(
        runs.map(({ run }) => run?.trim().split('\n').at(-1)?.split(' "')[0]).filter((run) => run !== 'docker login'),
      ).toEqual(['git -c']);
    }
  });

  it('install once: each later job unpacks what open packed, and only by the digest that open told', () => {
    const { open, ...others } = jobs;
    expect(JSON.stringify(open)).toContain('"installation":"${{ steps.open.outputs.installation }}"');
    for (const job of Object.values(others)) {
      expect(callOf(job)?.with?.['installation-digest']).toBe('${{ needs.open.outputs.installation }}');
      expect(job.steps.filter(({ with: given }) => given?.['name'] === 'fieldproof-installation')).toHaveLength(1);
    }
  });

  it('begin for pull requests into the default branch alone: their check stands at a commit, whatever that is merged into', () => {
    const into = "(github.event.merge_group.base_ref || format('refs/heads/{0}', github.event.pull_request.base.ref))";
    expect(jobs['open']?.if).toBe(`${into} == format('refs/heads/{0}', github.event.repository.default_branch)`);
    const { open: _, ...others } = jobs;
    for (const { if: when } of Object.values(others)) expect(when).toMatch(/needs\./);
  });

  it("ask for approval before another repository reaches a runner of one's own, also one that is no fork or is gone", () => {
    const elsewhere = "github.event.pull_request.head.repo.full_name != github.repository && 'fieldproof-fork-runners'";
    for (const name of ['research', 'replay']) expect(jobs[name]?.environment).toContain(elsewhere);
  });
});

it('a merge is deployed whatever is pushed beside it: to a branch of its own, or as a tag of the name of the default branch', () => {
  const { on, concurrency, jobs } = parse(read(templates, 'fieldproof-deploy.yml')) as Workflow;
  expect(on['push']?.branches).toEqual(['main']);
  expect(concurrency.group).toBe('fieldproof-deploy-${{ github.ref }}');
  expect(jobs['deploy']?.if).toBe("github.ref == format('refs/heads/{0}', github.event.repository.default_branch)");
});

describe('the answer by comment', () => {
  const text = read(templates, 'fieldproof-accept.yml');
  const { jobs } = parse(text) as Workflow;

  it('looks at pull requests alone, and at comments that begin with the command', () => {
    const begins = "startsWith(github.event.comment.body, '/fieldproof accept')";
    expect(jobs['accept']?.if).toBe(`github.event.issue.pull_request && ${begins}`);
  });

  it('runs nothing of the pull request, and hands on no word of the comment: the action takes its number from the event', () => {
    const steps = jobs['accept']?.steps ?? [];
    expect(steps.map(({ uses = '' }) => uses.split('@')[0])).toEqual(['actions/checkout', 'fieldproof/fieldproof']);
    expect(steps[0]?.with).toEqual({ 'fetch-depth': 0, 'persist-credentials': false });
    expect(JSON.stringify(steps)).not.toContain('github.event');
  });
});

describe('the two checks', () => {
  const both = ['fieldproof-check.yml', 'fieldproof-check-forks.yml'].map((name) => parse(read(templates, name)) as Workflow);

  it('answer the merge queue, which would wait for ever otherwise', () => {
    for (const { on } of both) expect(on['merge_group']).toEqual({ types: ['checks_requested'] });
  });

  it('cancel nobody but an earlier run of the same pull request or merge group', () => {
    const groups = both.map(({ concurrency }) => concurrency.group);
    expect(new Set(groups).size).toBe(2);
    for (const group of groups) expect(group).toMatch(/-\$\{\{ github\.event\.pull_request\.number \|\| github\.ref \}\}$/);
  });

  it('keep no artifact of images longer than a run is run again', () => {
    const uploads = both.flatMap(({ jobs }) => Object.values(jobs).flatMap(({ steps }) => steps));
    const images = uploads.filter(
      ({ with: given }) => given?.['path'] === 'fieldproof/images' && given['compression-level'] !== undefined,
    );
    expect(images.map(({ with: given }) => given?.['retention-days'])).toEqual([3]);
  });
});

it('the example repository holds what init writes', () => {
  for (const name of readdirSync(examples)) expect(read(examples, name)).toBe(read(templates, name));
});
