import { execFileSync } from 'node:child_process';
import path from 'node:path';
import { mkdirSync, readdirSync } from 'node:fs';
import { binary, carriedFolder } from './components.ts';
import type { Cluster } from './cluster.ts';
import { documentsIn } from './kube-client.ts';
import { freePort, type Processes } from './processes.ts';
import { answers } from './readiness.ts';

const NAMESPACE = 'flux-system';

/** Flux's controllers for one cluster. They could live in any; here each site has its own, as in the field. */
export class Flux {
  readonly cluster: Cluster;
  readonly #processes: Processes;
  readonly #starters = new Map<string, () => Promise<void>>();

  private constructor(processes: Processes, cluster: Cluster) {
    this.#processes = processes;
    this.cluster = cluster;
  }

  static async start(processes: Processes, cluster: Cluster): Promise<Flux> {
    const folder = carriedFolder('flux');
    await cluster.client.apply(readdirSync(folder).flatMap((file) => documentsIn(path.join(folder, file))));
    await cluster.client.apply([{ apiVersion: 'v1', kind: 'Namespace', metadata: { name: NAMESPACE } }]);
    const flux = new Flux(processes, cluster);
    const storage = await freePort();
    mkdirSync(path.join(cluster.folder, 'sources'));
    await flux.#add('source-controller', [
      `--storage-path=${path.join(cluster.folder, 'sources')}`,
      `--storage-addr=127.0.0.1:${storage}`,
      `--storage-adv-addr=127.0.0.1:${storage}`,
    ]);
    await flux.#add('kustomize-controller', []);
    await Promise.all([...flux.#starters.values()].map((start) => start()));
    return flux;
  }

  async #add(program: string, more: readonly string[]): Promise<void> {
    const health = await freePort();
    const common = ['--metrics-addr=127.0.0.1:0', `--health-addr=127.0.0.1:${health}`, '--requeue-dependency=2s'];
    this.#starters.set(program, () =>
      this.#processes.start({
        name: this.cluster.process(program),
        command: binary(program),
        args: [...common, '--concurrent=20', ...more],
        // They know no --kubeconfig; HOME keeps them from writing into a person's own.
        environment: { KUBECONFIG: this.cluster.kubeconfig, RUNTIME_NAMESPACE: NAMESPACE, HOME: this.cluster.folder },
        ready: () => answers(`http://127.0.0.1:${health}/readyz`),
      }),
    );
  }

  /** What `flux bootstrap` leaves behind: the repository as a source, and a Kustomization of all that a site applies. */
  async bootstrap(url: string, folder = `./clusters/${this.cluster.name}`): Promise<void> {
    const metadata = { name: NAMESPACE, namespace: NAMESPACE };
    const source = { interval: '2s', url, ref: { branch: 'main' } };
    const sourceRef = { kind: 'GitRepository', name: NAMESPACE };
    await this.cluster.client.apply([
      { apiVersion: 'source.toolkit.fluxcd.io/v1', kind: 'GitRepository', metadata, spec: source },
      {
        apiVersion: 'kustomize.toolkit.fluxcd.io/v1',
        kind: 'Kustomization',
        metadata,
        spec: { interval: '10m', retryInterval: '5s', path: folder, prune: true, sourceRef },
      },
    ]);
  }

  /** Flux's own command line at this cluster. @returns what it prints @throws Error when it fails */
  cli(...args: readonly string[]): string {
    const environment = { KUBECONFIG: this.cluster.kubeconfig, HOME: this.cluster.folder, PATH: process.env['PATH'] };
    return execFileSync(binary('flux'), args, { env: environment, encoding: 'utf8', stdio: 'pipe', timeout: 120_000 });
  }

  /** Lets every source of the site look for new commits at once, as `flux reconcile source git` does. */
  async hurry(): Promise<void> {
    const kind = { apiVersion: 'source.toolkit.fluxcd.io/v1', kind: 'GitRepository', namespace: NAMESPACE };
    const requestedAt = new Date().toISOString();
    for (const { metadata } of await this.cluster.client.list(kind))
      await this.cluster.client.annotate({ ...kind, name: metadata.name }, { 'reconcile.fluxcd.io/requestedAt': requestedAt });
  }

  /** The site goes on running what it runs, and hears of nothing new. */
  async stop(how: 'stop' | 'crash' = 'stop'): Promise<void> {
    const signal = how === 'crash' ? 'SIGKILL' : 'SIGTERM';
    await Promise.all([...this.#starters.keys()].map((program) => this.#processes.stop(this.cluster.process(program), signal)));
  }

  async restart(): Promise<void> {
    const stopped = [...this.#starters].filter(([program]) => !this.#processes.isRunning(this.cluster.process(program)));
    await Promise.all(stopped.map(([, start]) => start()));
  }
}
