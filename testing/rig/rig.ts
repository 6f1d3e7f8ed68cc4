import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { stringify } from 'yaml';
import { ArgoCd } from './argocd.ts';
import { Cluster } from './cluster.ts';
import type { SimulatedNode } from './control-plane.ts';
import { kubeconfigOf } from './kubeconfig.ts';
import { binary, components, missingComponents } from './components.ts';
import { Flux } from './flux.ts';
import { startGitServer, type GitServer } from './git-server.ts';
import { freePort, Processes } from './processes.ts';
import { answers } from './readiness.ts';

/** A site, what its nodes are, and which requests its API server writes down (`Cluster.auditLog`). */
export type RigSite = { name: string; nodes: readonly SimulatedNode[]; audit?: object };
export type RigOptions = {
  controllers: readonly ('flux' | 'argocd')[];
  sites: readonly RigSite[];
  /** Where to keep data, logs and kubeconfigs; a temporary folder that `close` removes where none is given. */
  folder?: string;
};

/** Real clusters and controllers on the loopback: one API server per site, over one etcd. */
export type Rig = {
  folder: string;
  /** Every cluster of the rig as a context: each site by its name, and `hub` where Argo CD is. */
  kubeconfig: string;
  git: GitServer;
  processes: Processes;
  /** @throws Error for a site that the rig does not have */
  site(name: string): Cluster;
  /** @throws Error for a site without Flux */
  flux(site: string): Flux;
  /** @throws Error where the rig has no Argo CD */
  argocd(): ArgoCd;
  /** Ends every process and waits. @throws Error when one had died by itself */
  close(): Promise<void>;
};

/** Why a rig with these controllers can't be started here, as a sentence for whoever reads a skipped test; null where it can. */
export function whyNoRig(controllers: RigOptions['controllers'] = ['flux', 'argocd']): string | null {
  const missing = missingComponents(controllers);
  if (missing.length === 0) return null;
  return missingComponents().length === components.length
    ? 'make rig-build has not run here'
    : `make rig-build has not built ${missing.join(', ')}`;
}

export const nodeOf = (chipset: string, platform = 'linux/amd64'): SimulatedNode => ({ name: chipset, chipset, platform });

/** @throws Error with the log of the process that would not start; then nothing of the rig is left running */
export async function startRig(options: RigOptions): Promise<Rig> {
  const reason = whyNoRig(options.controllers);
  if (reason !== null) throw new Error(reason);
  const folder = options.folder ?? mkdtempSync(path.join(tmpdir(), 'fieldproof-rig-'));
  const processes = new Processes(path.join(folder, 'logs'));
  const git = await startGitServer(path.join(folder, 'repositories'));
  const close = async () => {
    try {
      await git.close();
      await processes.stopAll();
    } finally {
      if (options.folder === undefined) rmSync(folder, { recursive: true, force: true });
    }
  };
  try {
    return { ...(await assemble(options, folder, processes)), folder, git, processes, close };
  } catch (error) {
    // What went wrong first is what a person needs to read.
    await close().catch(() => undefined);
    throw error;
  }
}

type Assembled = Pick<Rig, 'kubeconfig' | 'site' | 'flux' | 'argocd'>;

async function assemble({ controllers, sites }: RigOptions, folder: string, processes: Processes): Promise<Assembled> {
  const etcd = await startEtcd(processes, folder);
  const start = (site: RigSite, workloads: boolean) =>
    Cluster.start(processes, path.join(folder, 'clusters'), { ...site, etcd, workloads });
  const clusters = await Promise.all(sites.map((site) => start(site, true)));
  const withArgo = controllers.includes('argocd');
  const hub = withArgo ? await start({ name: 'hub', nodes: [] }, false) : undefined;
  const fluxes = controllers.includes('flux') ? await Promise.all(clusters.map((each) => Flux.start(processes, each))) : [];
  const argo = hub === undefined ? undefined : await ArgoCd.start(processes, hub, clusters);
  const kubeconfig = path.join(folder, 'kubeconfig');
  writeFileSync(kubeconfig, stringify(kubeconfigOf([...clusters, ...(hub === undefined ? [] : [hub])], { hub: 'argocd' })));
  return {
    kubeconfig,
    site: (name) =>
      found(
        clusters.find((each) => each.name === name),
        name,
      ),
    flux: (name) =>
      found(
        fluxes.find(({ cluster }) => cluster.name === name),
        `Flux at ${name}`,
      ),
    argocd: () => found(argo, 'Argo CD'),
  };
}

function found<T>(what: T | undefined, name: string): T {
  if (what === undefined) throw new Error(`the rig has no ${name}`);
  return what;
}

async function startEtcd(processes: Processes, folder: string): Promise<string> {
  const client = `http://127.0.0.1:${await freePort()}`;
  const peer = `http://127.0.0.1:${await freePort()}`;
  await processes.start({
    name: 'etcd',
    command: binary('etcd'),
    args: [
      `--data-dir=${path.join(folder, 'etcd')}`,
      '--name=rig',
      `--initial-cluster=rig=${peer}`,
      `--listen-client-urls=${client}`,
      `--advertise-client-urls=${client}`,
      `--listen-peer-urls=${peer}`,
      `--initial-advertise-peer-urls=${peer}`,
      // Nothing here outlives the rig: what a power cut would lose is lost anyway.
      '--unsafe-no-fsync',
    ],
    ready: () => answers(`${client}/health`),
  });
  return client;
}
