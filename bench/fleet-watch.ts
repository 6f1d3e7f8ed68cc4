/**
 * What watching a fleet costs one process, by the number of sites, on the rig's real programs (docs/rig.md): one API server
 * with Flux and kwok, where every site is a node, a Kustomization as Fieldproof renders it, and what that rolls out. With `a
 * cluster each` the watcher knows the server by as many contexts as there are sites and shares nothing between them; with
 * `one cluster`, by one. Calls are counted by the API server's audit log, memory by the watching process, which may do no
 * more than docs/rollouts.md says. Other numbers of sites, growing: node bench/fleet-watch.ts 10 20
 */
import { fork } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { cpus } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { stringify } from 'yaml';
import { namesAt, ownNames, renderFleet, type FleetPlan, type RolloutTarget } from '#gitops';
import { KubernetesRolloutWatcher } from '#gitops/adapters';
import type { Digest } from '#kernel';
import type { Cluster } from '../testing/rig/cluster.ts';
import { asGuests, watchersRights } from '../testing/rig/guest.ts';
import { documents, untilTrue } from '../testing/rig/kube-client.ts';
import { kubeconfigOf } from '../testing/rig/kubeconfig.ts';
import { nodeOf, startRig, whyNoRig, type Rig } from '../testing/rig/rig.ts';

const CLUSTER = 'fleet';
/** Of a rollout of all sites by one Flux on a small machine. */
const TIMEOUT = 1_200_000;
const KUSTOMIZATION = { apiVersion: 'kustomize.toolkit.fluxcd.io/v1', kind: 'Kustomization' };
/** Every request of the watching process, once: others fill the disk. */
const AUDIT = {
  apiVersion: 'audit.k8s.io/v1',
  kind: 'Policy',
  omitStages: ['RequestReceived'],
  rules: [{ level: 'Metadata', users: ['guest'] }, { level: 'None' }],
};

type Order = { count: number; layout: 'a cluster each' | 'one cluster'; commit: string; digest: Digest; kubeconfig: string };
type Held = { rss: number; heap: number };
type Told = { held: Held } | { done: { before: Held; peak: number; seconds: number } };
type Measured = Held & { idle: number; peak: number; seconds: number; calls: Calls };
type Calls = { list: number; watch: number; patch: number };

const number = (index: number) => String(index).padStart(3, '0');
const places = (count: number) =>
  Array.from({ length: count }, (_, index) => ({
    model: 'porch',
    site: `site-${number(index)}`,
    chipset: `box-${number(index)}`,
  }));
const digestOf = (release: number): Digest => `sha256:${String(release).padStart(64, '0')}`;

function planOf(url: string, count: number, digest: Digest): FleetPlan {
  const model = { image: 'registry.example/acme/porch', digest };
  const sites = places(count).map(({ site, chipset }) => ({
    site: { name: site, chipset: { name: chipset, platform: 'linux/amd64', cpus: 1, memoryBytes: 2 ** 29 }, link: null },
    release: { kind: 'container', model } as const,
  }));
  return { controller: 'flux', model: 'porch', source: { url, branch: 'main' }, sites };
}

/** The fleet repository, and the sites of the cluster that read it. */
class Fleet {
  readonly rig: Rig;
  readonly cluster: Cluster;
  #released = 0;
  #sites = 0;

  constructor(rig: Rig) {
    this.rig = rig;
    this.cluster = rig.site(CLUSTER);
    rig.git.create('fleet');
  }

  /** The model of the next release. */
  get upcoming(): Digest {
    return digestOf(this.#released + 1);
  }

  /** Commits the next release for every site: what Flux builds, for it reads all of it anew for every site. */
  release(): string {
    const files = this.#render().filter(({ path }) => path.startsWith('apps/'));
    this.#released += 1;
    return this.rig.git.commit('fleet', Object.fromEntries(files.map(({ path, content }) => [path, content])));
  }

  #render() {
    return renderFleet(planOf(this.rig.git.url('fleet'), this.#sites, this.upcoming));
  }

  /** What each site's own Flux would apply for itself; resolves when all of them are healthy. */
  async grow(count: number): Promise<void> {
    this.#sites = count;
    const applied = this.#render().filter(({ path }) => path.startsWith('clusters/'));
    this.release();
    for (const { content } of applied) await this.cluster.client.apply(documents(content));
    const areReady = async () => {
      const all = await this.cluster.client.list({ ...KUSTOMIZATION, namespace: 'flux-system' });
      return all.length === count && all.every(({ status }) => isReady(status));
    };
    await untilTrue(areReady, `${count} sites`, TIMEOUT);
  }
}

const isReady = (status: unknown): boolean =>
  ((status as { conditions?: { type: string; status: string }[] } | undefined)?.conditions ?? []).some(
    (condition) => condition.type === 'Ready' && condition.status === 'True',
  );

/** One rollout to all sites, watched by a process of its own. Pods are held until it has seen every site. */
async function measure(fleet: Fleet, count: number, layout: Order['layout']): Promise<Measured> {
  const { cluster, rig } = fleet;
  const kubeconfig = join(rig.folder, 'guest-kubeconfig');
  const names = layout === 'one cluster' ? [CLUSTER] : places(count).map(({ site }) => site);
  const [guest] = asGuests([cluster]);
  if (guest === undefined) throw new TypeError('one cluster has one guest');
  writeFileSync(kubeconfig, stringify(kubeconfigOf(names.map((name) => ({ ...guest, name })))));
  const known = auditedBy(cluster).length;
  const digest = fleet.upcoming;
  await cluster.setFate({ fate: 'held', digest });
  const order: Order = { count, layout, commit: fleet.release(), digest, kubeconfig };
  const child = fork(import.meta.filename, [JSON.stringify(order)], { execArgv: ['--expose-gc'] });
  const told = Promise.withResolvers<Omit<Measured, 'calls'>>();
  let held: Held = { rss: 0, heap: 0 };
  child.on('message', (message: Told) => {
    if ('held' in message) {
      held = message.held;
      void cluster.clearFate().catch(told.reject);
    } else {
      const { before, peak, seconds } = message.done;
      told.resolve({ rss: held.rss, heap: held.heap - before.heap, idle: before.rss, peak, seconds });
    }
  });
  child.once('error', told.reject);
  child.once('exit', (code) => told.reject(new Error(`the watching process ended with ${code}`)));
  const measured = await told.promise;
  await sleep(1000);
  return { ...measured, calls: countCalls(auditedBy(cluster).slice(known)) };
}

type Audited = { auditID: string; verb: string; user: { username: string }; responseStatus?: { code: number } };

/** Requests of the guest by the API server's own account, each once: a watch is written down when it begins and when it ends. */
function auditedBy({ auditLog }: Cluster): Audited[] {
  const lines = readFileSync(auditLog, 'utf8').split('\n').filter(Boolean);
  return [...new Map(lines.map((line) => JSON.parse(line) as Audited).map((event) => [event.auditID, event])).values()];
}

function countCalls(events: readonly Audited[]): Calls {
  const refused = events.filter(({ responseStatus }) => (responseStatus?.code ?? 0) >= 400);
  if (refused.length > 0) console.error(`${refused.length} requests were refused, the first: ${JSON.stringify(refused[0])}`);
  const count = (...verbs: readonly string[]) => events.filter(({ verb }) => verbs.includes(verb)).length;
  return { list: count('list', 'get'), watch: count('watch'), patch: count('patch') };
}

/** In a process of its own: what it holds is the watcher's. */
async function watchFleet({ count, layout, commit, digest, kubeconfig }: Order): Promise<void> {
  const targets = places(count).map((place): RolloutTarget => {
    const context = layout === 'one cluster' ? CLUSTER : place.site;
    const { object, pods } = namesAt(ownNames('flux'), place);
    const digests = { model: [digest], runtime: null };
    const common = { controller: 'flux', branch: 'main', commit, digests, timeout: TIMEOUT } as const;
    return { ...place, ...common, context, object, pods: { context, ...pods } };
  });
  const watcher = new KubernetesRolloutWatcher({ environment: { KUBECONFIG: kubeconfig } });
  const before = collect();
  const began = performance.now();
  const waiting = new Set<RolloutTarget>();
  const settled = Promise.withResolvers<void>();
  const done = watcher.watch(targets, {
    history: { relation: () => Promise.resolve('older') },
    onChange: (target, { state }) => {
      if (state === 'progressing') waiting.add(target);
      if (waiting.size === count) settled.resolve();
    },
  });
  await settled.promise;
  await sleep(10_000);
  tell({ held: collect() });
  const results = [...(await done).values()];
  const other = results.find(({ state }) => state !== 'healthy');
  if (other !== undefined) throw new Error(`not all became healthy: ${other.state}: ${other.reason}`);
  tell({ done: { before, peak: process.resourceUsage().maxRSS * 1024, seconds: (performance.now() - began) / 1000 } });
  process.disconnect();
}

const tell = (message: Told): void => void process.send?.(message);

function collect(): Held {
  globalThis.gc?.();
  const { rss, heapUsed } = process.memoryUsage();
  return { rss, heap: heapUsed };
}

const mib = (bytes: number) => (bytes / 2 ** 20).toFixed(1);

function row(layout: Order['layout'], count: number, { idle, rss, peak, heap, calls, seconds }: Measured): string {
  const { list, watch, patch } = calls;
  const all = list + watch + patch;
  const cells = [layout, count, mib(idle), mib(rss), mib(peak), mib(heap), list, watch, patch, (all / count).toFixed(2)];
  return `| ${[...cells, seconds.toFixed(0)].join(' | ')} |`;
}

async function main(sizes: readonly number[]): Promise<void> {
  const reason = whyNoRig(['flux']);
  if (reason !== null) return console.log(`not measured: ${reason}`);
  const most = sizes.at(-1) ?? 0;
  const nodes = places(most).map(({ chipset }) => nodeOf(chipset));
  const rig = await startRig({ controllers: ['flux'], sites: [{ name: CLUSTER, nodes, audit: AUDIT }] });
  try {
    console.log(`${cpus().length} x ${cpus()[0]?.model}; all memory in MiB`);
    console.log('| contexts | sites | idle | held | peak | heap more | lists | watches | patches | calls/site | seconds |');
    console.log('| --- | --- | --- | --- | --- | --- | --- | --- | --- | --- | --- |');
    const fleet = new Fleet(rig);
    await fleet.cluster.client.apply(watchersRights);
    for (const count of sizes) {
      await fleet.grow(count);
      console.log(row('a cluster each', count, await measure(fleet, count, 'a cluster each')));
    }
    console.log(row('one cluster', most, await measure(fleet, most, 'one cluster')));
  } finally {
    await rig.close();
  }
}

const given = process.argv.slice(2);
const [order = ''] = given;
if (order.startsWith('{')) await watchFleet(JSON.parse(order) as Order);
else await main(given.length > 0 ? given.map(Number) : [25, 50, 100, 200]);
