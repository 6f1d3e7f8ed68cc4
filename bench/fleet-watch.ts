/**
 * What watching a fleet costs one process, by the number of sites: memory while nothing moves, and calls to API servers from
 * the first look until all is healthy. Every site is an API server of its own over real HTTP (testing/fake-api-server.ts, in
 * the parent process) that holds a Kustomization, its source and pods; with `one cluster`, a single one holds them all.
 */
import { fork } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { RolloutTarget } from '#gitops';
import { KubernetesRolloutWatcher } from '#gitops/adapters';
import { FakeApiServer, kubeconfigOf } from '../testing/fake-api-server.ts';

const SIZES = [25, 50, 100, 200];
const OLD = '1'.repeat(40);
const NEW = '2'.repeat(40);
const DIGEST = `sha256:${'3'.repeat(64)}` as const;
const PODS_OF_OTHERS = 20;
/** What servers and controllers add to an object of this kind, and what the watcher has no use for: managedFields, inventory. */
const BALLAST = { managedFields: [{ manager: 'kustomize-controller', fieldsV1: 'f:spec '.repeat(1200) }] };

type Layout = 'a cluster each' | 'one cluster';
type Order = { count: number; layout: Layout; folder: string };
type Measured = { rss: number; heap: number; external: number; calls: number; watches: number; seconds: number };

const siteName = (index: number) => `site-${String(index).padStart(3, '0')}`;
const labelsOf = (site: string) => ({
  'app.kubernetes.io/name': 'porch',
  'fieldproof.dev/site': site,
  'fieldproof.dev/chipset': 'orin',
});

function targetOf(site: string, layout: Layout): RolloutTarget {
  const context = layout === 'one cluster' ? 'all' : site;
  return {
    controller: 'flux',
    model: 'porch',
    site,
    chipset: 'orin',
    context,
    object: { namespace: 'flux-system', name: `porch.${site}` },
    pods: { context, namespace: 'porch', labels: labelsOf(site) },
    branch: 'main',
    commit: NEW,
    digests: { model: [DIGEST], runtime: null },
    timeout: 600_000,
  };
}

/** A site before the rollout, or after it. */
function fill(server: FakeApiServer, site: string, commit: string): void {
  const revision = `main@sha1:${commit}`;
  const conditions = ['Ready', 'Healthy'].map((type) => ({ type, status: 'True', reason: 'Succeeded', message: 'Applied' }));
  const metadata = { ...BALLAST, namespace: 'flux-system', generation: 1 };
  server.put('gitrepositories', {
    metadata: { ...metadata, name: 'fieldproof' },
    spec: {},
    status: { artifact: { revision }, conditions },
  });
  server.put('kustomizations', {
    metadata: { ...metadata, name: `porch.${site}` },
    spec: { wait: true, sourceRef: { kind: 'GitRepository', name: 'fieldproof' } },
    status: { observedGeneration: 1, lastAppliedRevision: revision, lastAttemptedRevision: revision, conditions },
  });
  const pod = (name: string, labels: Record<string, string>) =>
    server.put('pods', {
      metadata: { ...BALLAST, namespace: 'porch', name, labels },
      spec: {},
      status: {
        phase: 'Running',
        conditions: [{ type: 'Ready', status: 'True' }],
        containerStatuses: [{ name: 'model', imageID: `porch@${DIGEST}`, ready: true }],
      },
    });
  pod(`porch-${site}`, labelsOf(site));
  for (let other = 0; other < PODS_OF_OTHERS; other += 1) pod(`other-${site}-${other}`, { app: 'other' });
}

async function measure(order: Order): Promise<Measured> {
  const { count, layout, folder } = order;
  const servers = new Map<string, FakeApiServer>();
  const all = await new FakeApiServer().start();
  for (let index = 0; index < count; index += 1) {
    servers.set(siteName(index), layout === 'one cluster' ? all : await new FakeApiServer().start());
  }
  for (const [site, server] of servers) fill(server, site, OLD);
  const contexts =
    layout === 'one cluster' ? { all: all.url } : Object.fromEntries([...servers].map(([site, { url }]) => [site, url]));
  writeFileSync(join(folder, 'kubeconfig'), kubeconfigOf(contexts));
  const child = fork(import.meta.filename, [JSON.stringify(order)], { execArgv: ['--expose-gc'] });
  const told = Promise.withResolvers<Measured>();
  child.on('message', (message: Measured | 'settled') => {
    if (message !== 'settled') told.resolve(message);
    else for (const [site, server] of servers) fill(server, site, NEW);
  });
  child.once('error', told.reject);
  child.once('exit', (code) => told.reject(new Error(`the watching process ended with ${code}`)));
  const measured = await told.promise;
  for (const server of new Set([all, ...servers.values()])) await server.stop();
  return measured;
}

/** In a process of its own: what it holds is the watcher's. */
async function watchFleet({ count, layout, folder }: Order): Promise<void> {
  const targets = Array.from({ length: count }, (_, index) => targetOf(siteName(index), layout));
  const watcher = new KubernetesRolloutWatcher({
    environment: { KUBECONFIG: join(folder, 'kubeconfig') },
  });
  const collect = () => {
    globalThis.gc?.();
    return process.memoryUsage();
  };
  const before = collect();
  const began = performance.now();
  const waiting = new Set<RolloutTarget>();
  const settled = Promise.withResolvers<void>();
  const done = watcher.watch(targets, {
    history: { standing: () => Promise.resolve('older') },
    onChange: (target, { state }) => {
      if (state === 'progressing') waiting.add(target);
      if (waiting.size === count) settled.resolve();
    },
  });
  await settled.promise;
  await sleep(2000);
  const held = collect();
  process.send?.('settled');
  const results = await done;
  if ([...results.values()].some(({ state }) => state !== 'healthy')) throw new Error('not all became healthy');
  const { list, watch, patch } = watcher.calls;
  process.send?.({
    rss: held.rss - before.rss,
    heap: held.heapUsed - before.heapUsed,
    external: held.external - before.external,
    calls: list + watch + patch,
    watches: watch,
    seconds: (performance.now() - began) / 1000,
  } satisfies Measured);
  process.disconnect();
}

async function main(): Promise<void> {
  console.log(`${cpus().length} x ${cpus()[0]?.model}; API servers: testing/fake-api-server.ts; objects of about 9 kB`);
  const mib = (bytes: number) => (bytes / 2 ** 20).toFixed(1).padStart(7);
  for (const layout of ['a cluster each', 'one cluster'] as const) {
    console.log(`\n${layout}\nsites  RSS +MiB  heap +MiB  external +MiB  calls  calls/site  seconds`);
    for (const count of SIZES) {
      const folder = mkdtempSync(join(tmpdir(), 'fieldproof-bench-'));
      const { rss, heap, external, calls, seconds } = await measure({ count, layout, folder });
      rmSync(folder, { recursive: true });
      const cells = [
        String(count).padStart(5),
        mib(rss).padStart(9),
        mib(heap).padStart(10),
        mib(external).padStart(14),
        String(calls).padStart(6),
      ];
      console.log(`${cells.join(' ')} ${(calls / count).toFixed(2).padStart(11)} ${seconds.toFixed(1).padStart(8)}`);
    }
  }
}

const [order] = process.argv.slice(2);
await (order === undefined ? main() : watchFleet(JSON.parse(order) as Order));
