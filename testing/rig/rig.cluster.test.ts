import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { renderFleet } from '#gitops';
import { digest, planOf } from '../../gitops/plan.fixture.ts';
import type { Controller, FleetPlan } from '../../gitops/release.ts';
import type { Resource } from './kube-client.ts';
import { nodeOf, startRig, whyNoRig, type Rig } from './rig.ts';

const sites = [
  { name: 'lobby-berlin', nodes: [nodeOf('edge-box')] },
  { name: 'gate-oslo', nodes: [nodeOf('orin', 'linux/arm64/v8'), nodeOf('edge-box')] },
  { name: 'cloud-eu', nodes: [nodeOf('cloud-x86')] },
];
const MODEL = digest('a');
const DEPLOYMENT = { apiVersion: 'apps/v1', kind: 'Deployment', name: 'porch-edge-box', namespace: 'porch' };

/** The fixture's plan, as the rig's controllers can read it. */
function filesFor(controller: Controller, url: string, letter = 'a', more: Partial<FleetPlan> = {}): Record<string, string> {
  const plan = planOf(controller);
  const at = (release: (typeof plan.sites)[number]['release']) => ({
    ...release,
    model: { ...release.model, digest: digest(letter) },
  });
  const moved = plan.sites.map(({ site, release }) => ({ site, release: at(release) }));
  const files = renderFleet({ ...plan, source: { url, branch: 'main' }, sites: moved, ...more });
  return Object.fromEntries(files.map(({ path, content }) => [path, content]));
}

async function start(controller: Controller): Promise<Rig> {
  const rig = await startRig({ controllers: [controller], sites });
  rig.git.create('fleet');
  return rig;
}

const imageIds = async (rig: Rig, site: string) =>
  (await rig.site(site).client.list({ apiVersion: 'v1', kind: 'Pod', namespace: 'porch' })).map(
    ({ status }) => (status as { containerStatuses?: { imageID: string }[] }).containerStatuses?.[0]?.imageID,
  );

const noFlux = whyNoRig(['flux']);
describe.skipIf(noFlux !== null)(`a fleet that Flux reads${noFlux === null ? '' : ` (${noFlux})`}`, () => {
  const kustomization = {
    apiVersion: 'kustomize.toolkit.fluxcd.io/v1',
    kind: 'Kustomization',
    name: 'porch.edge-box',
    namespace: 'flux-system',
  };
  let rig: Rig;
  beforeAll(async () => {
    rig = await start('flux');
  });
  afterAll(() => rig?.close());

  it('is Ready at the commit, and not before its pods are', async () => {
    const [berlin, oslo] = [rig.site('lobby-berlin'), rig.site('gate-oslo')];
    await berlin.setFate({ fate: 'held', digest: MODEL });
    const commit = rig.git.commit('fleet', filesFor('flux', rig.git.url('fleet')));
    await Promise.all(sites.map(({ name }) => rig.flux(name).bootstrap(rig.git.url('fleet'))));
    const revision = `main@sha1:${commit}`;

    await oslo.client.until(kustomization, ({ status }) => status?.lastAppliedRevision === revision, 120_000);
    await berlin.client.until(kustomization, ({ status }) => status?.lastAttemptedRevision === revision, 120_000);
    expect((await berlin.client.get(kustomization)).status.lastAppliedRevision).toBeUndefined();
    expect((await berlin.client.get(DEPLOYMENT)).status.readyReplicas).toBeUndefined();

    await berlin.clearFate(MODEL);
    await berlin.client.until(kustomization, ({ status }) => status?.lastAppliedRevision === revision, 120_000);
    const told = rig.flux('lobby-berlin').cli('get', 'kustomization', 'porch.edge-box', '--no-header');
    expect(told).toMatch(new RegExp(`main@sha1:${commit.slice(0, 8)}\\s+False\\s+True`));
    expect(await imageIds(rig, 'lobby-berlin')).toEqual([`registry.example:5000/acme/fieldproof-runtime@${digest('b')}`]);
  });

  it('goes on where it was after its API server has crashed', async () => {
    const berlin = rig.site('lobby-berlin');
    await berlin.stopApiServer('crash');
    const commit = rig.git.commit('fleet', filesFor('flux', rig.git.url('fleet'), 'c'));
    await berlin.startApiServer();
    await rig.flux('lobby-berlin').hurry();
    const revision = `main@sha1:${commit}`;
    const { status } = await berlin.client.until(kustomization, (each) => each.status?.lastAppliedRevision === revision, 180_000);
    expect(status.conditions).toContainEqual(expect.objectContaining({ type: 'Ready', status: 'True' }));
  });

  it('hears of nothing while its controllers are stopped', async () => {
    const oslo = rig.site('gate-oslo');
    await rig.flux('gate-oslo').stop();
    const before = (await oslo.client.get(kustomization)).status.lastAppliedRevision as string;
    const commit = rig.git.commit('fleet', filesFor('flux', rig.git.url('fleet'), 'd'));
    await rig.flux('cloud-eu').hurry();
    const cloud = { ...kustomization, name: 'porch.cloud-x86' };
    await rig
      .site('cloud-eu')
      .client.until(cloud, ({ status }) => status?.lastAppliedRevision === `main@sha1:${commit}`, 180_000);
    expect((await oslo.client.get(kustomization)).status.lastAppliedRevision).toBe(before);
    await rig.flux('gate-oslo').restart();
    await rig.flux('gate-oslo').hurry();
    await oslo.client.until(kustomization, ({ status }) => status?.lastAppliedRevision === `main@sha1:${commit}`, 180_000);
  });
});

const noArgo = whyNoRig(['argocd']);
describe.skipIf(noArgo !== null)(`a fleet that Argo CD reads${noArgo === null ? '' : ` (${noArgo})`}`, () => {
  const application = (site: string) => ({
    ...APPLICATIONS,
    name: `porch.${site}.edge-box`,
  });
  let rig: Rig;
  beforeAll(async () => {
    rig = await start('argocd');
  });
  afterAll(() => rig?.close());

  it('is Synced and Healthy at the commit, and not before its pods are', async () => {
    const { client } = rig.argocd().hub;
    const berlin = rig.site('lobby-berlin');
    await berlin.setFate({ fate: 'held', digest: MODEL });
    const commit = rig.git.commit('fleet', filesFor('argocd', rig.git.url('fleet')));
    await rig.argocd().bootstrap(rig.git.url('fleet'));
    await client.until(application('gate-oslo'), ({ status }) => isHealthyAt(status, commit), 180_000);
    const held = await client.until(
      application('lobby-berlin'),
      // The two are written one after the other.
      ({ status }) => status?.operationState?.phase === 'Succeeded' && status.sync.status === 'Synced',
      180_000,
    );
    expect(held.status.sync).toMatchObject({ status: 'Synced', revision: commit });
    expect(held.status.health.status).not.toBe('Healthy');

    await berlin.clearFate(MODEL);
    await client.until(application('lobby-berlin'), ({ status }) => isHealthyAt(status, commit), 180_000);
    const told = JSON.parse(rig.argocd().cli('app', 'get', 'porch.lobby-berlin.edge-box', '-o', 'json')) as {
      status: ArgoStatus;
    };
    expect(isHealthyAt(told.status, commit)).toBe(true);
    expect(await imageIds(rig, 'lobby-berlin')).toEqual([`registry.example:5000/acme/fieldproof-runtime@${digest('b')}`]);
  });

  it('has the same Applications from one ApplicationSet', async () => {
    const { client } = rig.argocd().hub;
    const all = async () => (await client.list(APPLICATIONS)).filter(({ metadata }) => metadata.name !== 'fleet');
    const made = async () =>
      Object.fromEntries((await all()).map(({ metadata, spec }) => [metadata.name, [spec, metadata['finalizers']] as unknown]));
    const before = await made();
    expect(Object.keys(before)).toHaveLength(4);
    // As somebody would change over: what the Applications have made stays, for nothing has a finalizer.
    for (const name of ['fleet', ...Object.keys(before)]) await client.delete({ ...APPLICATIONS, name });
    const files = filesFor('argocd', rig.git.url('fleet'), 'c', { applicationSet: true });
    const commit = rig.git.commit('fleet', files);
    await rig.argocd().bootstrap(rig.git.url('fleet'), 'argocd');
    for (const name of Object.keys(before)) {
      const isTheSets = ({ metadata }: Resource) => JSON.stringify(metadata['ownerReferences'] ?? '').includes('ApplicationSet');
      const named = { ...APPLICATIONS, name };
      await client.until(named, (each) => isTheSets(each) && isHealthyAt(each.status, commit), 180_000);
    }
    expect(await made()).toEqual(before);
  });
});

const APPLICATIONS = { apiVersion: 'argoproj.io/v1alpha1', kind: 'Application', namespace: 'argocd' };

type ArgoStatus = {
  sync?: { status: string; revision: string };
  health?: { status: string };
  operationState?: { phase: string; syncResult?: { revision: string } };
};

const isHealthyAt = (status: ArgoStatus | undefined, commit: string): boolean =>
  status?.sync?.status === 'Synced' &&
  status.sync.revision === commit &&
  status.health?.status === 'Healthy' &&
  status.operationState?.phase === 'Succeeded';
