import { execFile } from 'node:child_process';
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { hexOf, type Digest } from '#kernel';
import { serve } from '../runtime/serve.fixture.ts';
import { makeModelRepository, runFieldproof, testCache, type ModelRepository } from '../testing/worlds/model-repository.ts';
import type { CheckReport } from '../report/documents/check-report.ts';

type Proposal = NonNullable<CheckReport['models'][number]['proposal']>;

const DEPLOY = 'deploy:\n';
const edit = (repository: ModelRepository, from: string, to: string) => {
  const text = readFileSync(path.join(repository.model, 'fieldproof.yaml'), 'utf8');
  expect(text).toContain(from);
  repository.write({ 'fieldproof.yaml': text.replace(from, to) });
};

async function check(
  repository: ModelRepository,
  head: string,
): Promise<{ code: number | null; stderr: string; report: CheckReport }> {
  const ran = await runFieldproof(repository, ['check', '--base', 'main', '--head', head, '--json', '../report.json']);
  const report = ran.code === 3 ? {} : (JSON.parse(readFileSync(path.join(repository.folder, 'report.json'), 'utf8')) as object);
  return { ...ran, report: report as CheckReport };
}

/** A first commit of the people who keep the fleet repository. */
function beginFleet(repository: ModelRepository, files: Readonly<Record<string, string>>): void {
  const clone = path.join(repository.folder, 'clone');
  repository.git('clone', '--quiet', repository.fleet, clone);
  for (const [name, content] of Object.entries(files)) {
    mkdirSync(path.dirname(path.join(clone, name)), { recursive: true });
    writeFileSync(path.join(clone, name), content);
  }
  repository.git('-C', clone, 'checkout', '--quiet', '-B', 'main');
  repository.git('-C', clone, 'add', '--all');
  repository.git('-C', clone, 'commit', '--quiet', '-m', 'What we run');
  repository.git('-C', clone, 'push', '--quiet', 'origin', 'main');
  rmSync(clone, { recursive: true });
}

const NOTHING = `sha256:${'0'.repeat(64)}`;
const valuesOf = (site: string) => `# ${site}: ask the platform team\r
replicas: 2   # cameras are hungry\r
model:\r
    image:  { repository: 'registry.example/acme/tiny', digest: "${NOTHING}" }   # {"$imagepolicy": "x:tiny:digest"}\r
    runtime: registry.example/acme/fieldproof-runtime@${NOTHING}\r
`;
const LAYOUT = `deploy:
  layout:
    - file: sites/{site}/values.yaml
      set: { model.image.digest: model.digest, model.runtime: runtime.reference }
`;

describe('a fleet repository that people keep', () => {
  let repository: ModelRepository;
  beforeAll(async () => {
    repository = await makeModelRepository();
    beginFleet(repository, {
      'sites/lobby-berlin/values.yaml': valuesOf('Berlin'),
      'sites/garden-oslo/values.yaml': valuesOf('Oslo'),
      'README.md': 'Ours\n',
    });
    edit(repository, DEPLOY, LAYOUT);
    repository.commit('Describe the fleet repository');
  });
  afterAll(() => repository.remove());

  it('gets a release in the values of its own fields, lands it, and is read back as deployed', async () => {
    const first = await check(repository, 'main');
    const [model] = first.report.models;
    expect(first.code).toBe(0);
    expect(model?.history).toBe('first');
    const { branch } = proposalOf(first.report);
    const changed = repository
      .gitFleet('diff', '--unified=0', 'main', branch)
      .split('\n')
      .filter((line) => /^[-+][^-+]/.test(line));
    expect(changed).toHaveLength(8);
    expect(changed.filter((line) => line.startsWith('+'))).toEqual([
      expect.stringMatching(
        new RegExp(
          `^\\+    image:  \\{ repository: 'registry.example/acme/tiny', digest: "${model?.candidate.stages['model']?.model}" \\}   # \\{"\\$imagepolicy": "x:tiny:digest"\\}\\r?$`,
        ),
      ),
      expect.stringMatching(
        new RegExp(`^\\+    runtime: registry.example/acme/fieldproof-runtime@${model?.candidate.stages['model']?.runtime}\\r?$`),
      ),
      expect.stringContaining(`digest: "${model?.candidate.stages['model']?.model}"`),
      expect.stringContaining(`@${model?.candidate.stages['model']?.runtime}`),
    ]);
    const text = repository.gitFleet('show', `${branch}:sites/garden-oslo/values.yaml`);
    expect(text.split('\r\n')).toHaveLength(valuesOf('Oslo').trim().split('\r\n').length);
    expect((await runFieldproof(repository, ['deploy'])).stdout).toMatch(/^landed +tiny/);
    expect((await check(repository, 'main')).report.models[0]).toMatchObject({ history: 'unchanged', outcome: 'pass' });
    expect((await runFieldproof(repository, ['deploy'])).stdout).toMatch(/^up to date +tiny/);
  });

  it('is refused, with file, line, field and remedy, when it is not as described', async () => {
    const other = repository.copy();
    try {
      edit(other, 'model.image.digest', 'model.image.sha');
      other.commit('Describe it wrongly');
      const { code, stderr } = await check(other, 'main');
      expect(code).toBe(3);
      expect(stderr).toMatch(
        /sites\/lobby-berlin\/values\.yaml:4:13 \(model\.image\.sha\): has no field sha\n\s+remedy: correct the file, or deploy\.layout/,
      );
    } finally {
      other.remove();
    }
  });
});

describe('a clip that is replayed at each site', () => {
  let repository: ModelRepository;
  let report: CheckReport;
  beforeAll(async () => {
    repository = await makeModelRepository();
    edit(repository, DEPLOY, 'deploy:\n  timeout: 20m\n  verify: { dataset: street, clip: lobby-0.mp4, tolerance: 2% }\n');
    repository.commit('Replay a clip at each site');
    const first = await check(repository, 'main');
    ({ report } = first);
  });
  afterAll(() => repository.remove());

  it('has the time that a rollout is given, for the controller to end it in its own words', () => {
    const { branch } = proposalOf(report);
    expect(repository.gitFleet('show', `${branch}:clusters/lobby-berlin/tiny.yaml`)).toContain('timeout: 20m');
  });

  it('is in the manifests by digest, and passes as the Job of a site runs it against the judged release', async () => {
    const proposal = proposalOf(report);
    const show = (file: string) =>
      repository.gitFleet('show', `${proposal.branch}:apps/tiny/overlays/lobby-berlin/here/replay/${file}`);
    expect(show('kustomization.yaml')).toContain(`digest: ${proposal.clip?.digest}`);
    const job = parse(show('job.yaml')) as {
      spec: { template: { spec: { containers: [{ command: string[]; args: string[] }] } } };
    };
    const [container] = job.spec.template.spec.containers;
    const served = await serve(['--model', contentOf(report.models[0]?.candidate.stages['model']?.model), '--port', '0']);
    try {
      const words = container.args.map((word) =>
        word === 'http://tiny-here:8000' ? served.first.listening : word === '/clip' ? contentOf(proposal.clip?.digest) : word,
      );
      expect(words).not.toEqual(container.args);
      const { code, out } = await run([
        path.join(import.meta.dirname, '..', container.command[1]?.replace('/app/', '') ?? ''),
        ...words,
      ]);
      expect({ code, out }).toMatchObject({ code: 0, out: { replay: 'pass', clip: 'lobby-0.mp4', tolerance: 0.02 } });
      expect(out['frames']).toBeGreaterThan(5);
    } finally {
      await served.stop();
    }
  });

  it('is refused before anything is measured when the dataset has no such clip', async () => {
    const other = repository.copy();
    try {
      edit(other, 'lobby-0.mp4', 'lobby-99.mp4');
      other.commit('Name no clip');
      const { code, stderr } = await check(other, 'main');
      expect(code).toBe(3);
      expect(stderr).toMatch(
        /fieldproof\.yaml \(deploy\.verify\.clip\): street has no clip lobby-99\.mp4\n\s+remedy: name one of its clips/,
      );
    } finally {
      other.remove();
    }
  });
});

function proposalOf({ models: [model] }: CheckReport): Proposal {
  if (model?.proposal == null) throw new Error('nothing was proposed');
  return model.proposal;
}

function contentOf(digest: string | null | undefined): string {
  return path.join(testCache, 'images', hexOf((digest ?? '') as Digest), 'content');
}

function run(args: readonly string[]): Promise<{ code: number; out: Record<string, unknown> }> {
  return new Promise((resolve) => {
    execFile(process.execPath, [...args], { env: {} }, (error, stdout, stderr) => {
      resolve({ code: Number(error?.code ?? 0), out: JSON.parse(stdout || stderr) as Record<string, unknown> });
    });
  });
}
