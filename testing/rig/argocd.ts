import { execFileSync } from 'node:child_process';
import { mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { stringify } from 'yaml';
import { argoPorts, argoPrograms, type ArgoPorts, type ArgoProgram } from './argocd-programs.ts';
import { clusterSecret, defaultProject, NAMESPACE, settings } from './argocd-settings.ts';
import { binary, carriedFolder } from './components.ts';
import type { Cluster } from './cluster.ts';
import { kubeconfigOf } from './kubeconfig.ts';
import { documentsIn } from './kube-client.ts';
import type { Processes } from './processes.ts';

const APPLICATION = { apiVersion: 'argoproj.io/v1alpha1', kind: 'Application' };

/** One Argo CD in a hub cluster, with every site's cluster registered under the site's name. */
export class ArgoCd {
  readonly hub: Cluster;
  /** The hub alone, with Argo CD's namespace as the default: what Argo CD's own programs read. */
  readonly kubeconfig: string;
  readonly #processes: Processes;
  readonly #ports: ArgoPorts;

  private constructor(processes: Processes, hub: Cluster, ports: ArgoPorts) {
    this.#processes = processes;
    this.hub = hub;
    this.kubeconfig = path.join(hub.folder, 'argocd-kubeconfig');
    this.#ports = ports;
  }

  static async start(processes: Processes, hub: Cluster, sites: readonly Cluster[]): Promise<ArgoCd> {
    const argo = new ArgoCd(processes, hub, await argoPorts());
    writeFileSync(argo.kubeconfig, stringify(kubeconfigOf([hub], { [hub.name]: NAMESPACE })));
    for (const folder of ['tls', 'ssh', 'keys', 'plugins', 'tmp']) mkdirSync(path.join(hub.folder, folder), { recursive: true });
    const definitions = carriedFolder('argocd');
    await hub.client.apply(readdirSync(definitions).flatMap((file) => documentsIn(path.join(definitions, file))));
    await hub.client.apply([{ apiVersion: 'v1', kind: 'Namespace', metadata: { name: NAMESPACE } }, ...settings()]);
    await hub.client.apply([defaultProject, ...sites.map(clusterSecret)]);
    await argo.restart();
    return argo;
  }

  /** Starts what does not run. */
  async restart(): Promise<void> {
    for (const spec of argoPrograms(this.kubeconfig, this.#ports))
      if (!this.#processes.isRunning(this.hub.process(spec.name)))
        await this.#processes.start({ ...spec, name: this.hub.process(spec.name), environment: this.#environment(spec.name) });
  }

  /** What the argocd command line needs to speak to this Argo CD, which asks nobody who they are. */
  get cliArguments(): string[] {
    return ['--server', `127.0.0.1:${this.#ports.server}`, '--plaintext'];
  }

  /** Argo CD's own command line. @returns what it prints @throws Error when it fails */
  cli(...args: readonly string[]): string {
    const environment = { HOME: this.hub.folder, PATH: process.env['PATH'] };
    return execFileSync(binary('argocd'), [...args, ...this.cliArguments], {
      env: environment,
      encoding: 'utf8',
      stdio: 'pipe',
      timeout: 120_000,
    });
  }

  /** Applications keep their last word, and nothing is synced any more. */
  async stop(program: ArgoProgram, crash = false): Promise<void> {
    await this.#processes.stop(this.hub.process(program), crash ? 'SIGKILL' : 'SIGTERM');
  }

  #environment(program: string): Record<string, string> {
    const { folder } = this.hub;
    return {
      ARGOCD_BINARY_NAME: `argocd-${program}`,
      ARGOCD_FAKE_IN_CLUSTER: 'true',
      ARGOCD_GPG_ENABLED: 'false',
      ARGOCD_TLS_DATA_PATH: path.join(folder, 'tls'),
      ARGOCD_SSH_DATA_PATH: path.join(folder, 'ssh'),
      ARGOCD_GNUPGHOME: path.join(folder, 'keys'),
      ARGOCD_PLUGINSOCKFILEPATH: path.join(folder, 'plugins'),
      // One shard, found by the number at the end.
      HOSTNAME: 'application-controller-0',
      // Without these a push is seen only after minutes, and a commit's files are cached for a day.
      ARGOCD_RECONCILIATION_TIMEOUT: '3s',
      ARGOCD_RECONCILIATION_JITTER: '0',
      TMPDIR: path.join(folder, 'tmp'),
      HOME: folder,
      KUBECONFIG: this.kubeconfig,
      PATH: [path.dirname(binary('kustomize')), carriedFolder('argocd-scripts'), process.env['PATH']].join(':'),
    };
  }

  /** An app of apps: it makes the Applications that the fleet repository holds for every site. */
  async bootstrap(url: string, folder = 'clusters'): Promise<void> {
    const source = { repoURL: url, targetRevision: 'main', path: folder, directory: { recurse: true } };
    const destination = { server: 'https://kubernetes.default.svc', namespace: NAMESPACE };
    const syncPolicy = { automated: { prune: true, selfHeal: true } };
    const spec = { project: 'default', source, destination, syncPolicy };
    await this.hub.client.apply([{ ...APPLICATION, metadata: { name: 'fleet', namespace: NAMESPACE }, spec }]);
  }
}
