import { execFileSync } from 'node:child_process';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { text } from 'node:stream/consumers';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { systemClock, type Digest } from '#kernel';
import { renderFleet, type FleetPlan } from '#gitops';
import { GitFleetRepository } from '#gitops/adapters';
import { GitLedger } from '#ledger/adapters';
import { FakeApiServer, kubeconfigOf } from '../testing/fakes/fake-api-server.ts';
import {
  openModelRepository,
  runFieldproof,
  startFieldproof,
  testCache,
  type ModelRepository,
} from '../testing/worlds/model-repository.ts';
import { watchReportSchema, type WatchReport } from '../report/documents/watch-report.ts';
import { schemaText } from './schemas.ts';
import { factsOf } from '../history/read-facts.ts';

const config = `version: 1
models:
  porch: { build: models/porch, image: 127.0.0.1:1/acme/porch, task: classification }
datasets: {}
chipsets:
  orin: { platform: linux/arm64 }
gates:
  porch: [ { chipset: orin, metric: latency-p50, margin: 10% } ]
deploy:
  controller: flux
  repository: ../fleet.git
  timeout: 4s
  sites: [ { name: gate-oslo, chipset: orin, context: oslo }, { name: lobby-berlin, chipset: orin, context: berlin } ]
`;
const OLD: Digest = `sha256:${'1'.repeat(64)}`;
const NEW: Digest = `sha256:${'2'.repeat(64)}`;

let repository: ModelRepository;
let servers: { oslo: FakeApiServer; berlin: FakeApiServer };

beforeEach(async () => {
  repository = openModelRepository(mkdtempSync(path.join(tmpdir(), 'fieldproof-watch-')));
  for (const name of ['model', 'tmp']) execFileSync('mkdir', ['-p', path.join(repository.folder, name)]);
  execFileSync('git', ['init', '--quiet', '--bare', '--initial-branch=main', repository.fleet]);
  repository.git('init', '--quiet', '--initial-branch=main');
  repository.write({ 'fieldproof.yaml': config });
  repository.commit('Say what the fleet is');
  servers = { oslo: await new FakeApiServer().start(), berlin: await new FakeApiServer().start() };
  writeFileSync(path.join(repository.folder, 'kubeconfig'), kubeconfigOf({ oslo: servers.oslo.url, berlin: servers.berlin.url }));
});
afterEach(async () => {
  await servers.oslo.stop();
  await servers.berlin.stop();
  repository.remove();
});

/** Commits what a release of this digest is, on the branch that the controllers read. */
async function release(digest: Digest, sites = ['gate-oslo', 'lobby-berlin']): Promise<string> {
  const fleet = new GitFleetRepository({ location: repository.fleet, cacheFolder: testCache, environment: process.env });
  const plan: FleetPlan = {
    controller: 'flux',
    model: 'porch',
    source: { url: 'https://git.example/acme/fleet.git', branch: 'main' },
    sites: sites.map((name) => ({
      site: { name, chipset: { name: 'orin', platform: 'linux/arm64', cpus: 1, memoryBytes: null }, link: null },
      release: { kind: 'container', model: { image: '127.0.0.1:1/acme/porch', digest } },
    })),
  };
  const { commit: parent } = await fleet.snapshot('main');
  const { commit } = await fleet.commit({
    parent,
    branch: 'main',
    files: renderFleet(plan),
    message: `Deploy ${digest}\n`,
    date: new Date(),
  });
  return commit;
}

const watch = (...args: string[]) =>
  runFieldproof(repository, ['watch', ...args], { KUBECONFIG: path.join(repository.folder, 'kubeconfig') });
const entries = async () =>
  await new GitLedger({ folder: repository.model, environment: process.env, clock: systemClock, publicKeys: [] }).entries();

/** What a site's controllers have made of a commit. */
function reconcile(
  site: 'oslo' | 'berlin',
  commit: string,
  digest: string,
  ready = { status: 'True', reason: 'ReconciliationSucceeded', message: 'Applied' },
) {
  const revision = `main@sha1:${commit}`;
  const passed = ready.status === 'True';
  const labels = {
    'app.kubernetes.io/name': 'porch',
    'fieldproof.dev/site': site === 'oslo' ? 'gate-oslo' : 'lobby-berlin',
    'fieldproof.dev/chipset': 'orin',
  };
  servers[site].put('kustomizations', {
    metadata: { namespace: 'flux-system', name: 'porch.orin', generation: 1 },
    spec: { wait: true, sourceRef: { kind: 'GitRepository', name: 'fieldproof' } },
    status: {
      observedGeneration: 1,
      lastAttemptedRevision: revision,
      ...(passed ? { lastAppliedRevision: revision } : {}),
      conditions: [
        { type: 'Ready', ...ready },
        { type: 'Healthy', status: passed ? 'True' : 'False', reason: 'HealthCheck' },
      ],
    },
  });
  servers[site].put('pods', {
    metadata: { namespace: 'porch', name: 'porch-orin-1', labels },
    spec: {},
    status: {
      phase: 'Running',
      conditions: [{ type: 'Ready', status: 'True' }],
      containerStatuses: [{ name: 'model', imageID: `porch@${digest}`, ready: true }],
    },
  });
}

// Each starts the CLI, which a busy machine does slowly.
describe('fieldproof watch', () => {
  it('says what runs where and since when, and writes it down once', async () => {
    const commit = await release(NEW);
    reconcile('oslo', commit, NEW);
    reconcile('berlin', commit, NEW);
    const first = await watch('--json');
    expect(first).toMatchObject({ code: 0 });
    const report = JSON.parse(first.stdout) as WatchReport;
    expect(report).toMatchObject({ version: 1, controller: 'flux', branch: 'main', commit });
    expect(report.rollouts.map(({ site, state, digest }) => [site, state, digest])).toEqual([
      ['gate-oslo', 'healthy', NEW],
      ['lobby-berlin', 'healthy', NEW],
    ]);
    const validate = new Ajv2020({ strict: false }).compile(JSON.parse(schemaText(watchReportSchema, 'output', 'x')) as object);
    expect({ accepted: validate(report), errors: validate.errors }).toEqual({ accepted: true, errors: null });
    const written = await entries();
    expect(written).toHaveLength(2);
    const again = await watch('--json');
    expect(JSON.parse(again.stdout)).toEqual(report);
    expect(await entries()).toEqual(written);
  });

  it('waits until the last site is healthy at this commit, and calls nothing healthy before it is', async () => {
    const before = await release(OLD);
    const commit = await release(NEW);
    reconcile('oslo', commit, NEW);
    reconcile('berlin', before, OLD);
    const running = startFieldproof(repository, ['watch'], { KUBECONFIG: path.join(repository.folder, 'kubeconfig') });
    let told = '';
    running.stderr.on('data', (chunk: Buffer) => {
      told += chunk.toString();
      if (told.includes('lobby-berlin (orin): progressing')) reconcile('berlin', commit, NEW);
    });
    const stdout = await text(running.stdout);
    expect(stdout).toContain('2 of 2 healthy');
    expect(told.indexOf('lobby-berlin (orin): progressing')).toBeLessThan(told.indexOf('lobby-berlin (orin): healthy'));
    const facts = factsOf(await entries(), 'rollout').map(({ fact }) => fact);
    expect(facts.filter(({ site }) => site === 'lobby-berlin').map(({ state }) => state)).toEqual(['progressing', 'healthy']);
  });

  it('fails with the words of the controller that says so', async () => {
    const commit = await release(NEW);
    reconcile('oslo', commit, NEW);
    reconcile('berlin', commit, OLD, {
      status: 'False',
      reason: 'HealthCheckFailed',
      message: 'timeout waiting for: Deployment/porch/porch-orin',
    });
    const { code, stdout } = await watch();
    expect(code).toBe(1);
    expect(stdout).toMatch(/1 of 2 healthy at \w{12} of main; 1 failed/);
    expect(stdout).toMatch(/porch at lobby-berlin \(orin\): HealthCheckFailed: timeout waiting for: *\s*Deployment\/porch/);
  });

  it('does not know of a site that does not answer, and of a place where nothing is deployed', async () => {
    const commit = await release(NEW, ['gate-oslo']);
    reconcile('oslo', commit, NEW);
    const without = await watch('--json');
    const rollouts = (JSON.parse(without.stdout) as WatchReport).rollouts;
    expect([without.code, rollouts[1]?.state, rollouts[1]?.reason]).toEqual([
      2,
      'unknown',
      expect.stringMatching(/deploys nothing here/),
    ]);
    await servers.oslo.stop();
    const silent = await watch('--json', '--commit', commit.slice(0, 12));
    const [oslo] = (JSON.parse(silent.stdout) as WatchReport).rollouts;
    expect([silent.code, oslo?.state, oslo?.reason]).toEqual([2, 'unknown', expect.stringMatching(/ECONNREFUSED/)]);
  });

  it('is superseded where a newer commit deploys something else', async () => {
    const commit = await release(OLD, ['gate-oslo']);
    reconcile('oslo', await release(NEW, ['gate-oslo']), NEW);
    const { code, stdout } = await watch('--commit', commit);
    expect([code, stdout]).toEqual([2, expect.stringMatching(/○ superseded[\s\S]*newer commit/)]);
  });

  it('says what keeps it from looking', async () => {
    const nothing = await watch();
    expect([nothing.code, nothing.stderr]).toEqual([
      3,
      expect.stringMatching(/has no branch main[\s\S]*remedy: run fieldproof deploy first/),
    ]);
    await release(NEW);
    writeFileSync(path.join(repository.folder, 'kubeconfig'), kubeconfigOf({ bergen: servers.oslo.url }));
    const { code, stderr } = await watch();
    expect([code, stderr]).toEqual([3, expect.stringMatching(/no context oslo[\s\S]*it has: bergen/)]);
  });
});
