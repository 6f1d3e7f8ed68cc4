import { generateKeyPairSync, randomBytes } from 'node:crypto';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { stringify } from 'yaml';
import { binary, carriedFolder } from './components.ts';
import {
  apiServerArguments,
  AUDIT_LOG,
  AUDIT_POLICY,
  controllerArguments,
  nodeManifest,
  PLAYED,
  type SimulatedNode,
} from './control-plane.ts';
import { kubeconfigOf } from './kubeconfig.ts';
import { documentsIn, KubeClient, type Resource } from './kube-client.ts';
import { freePort, type Processes } from './processes.ts';
import { secureAnswers, answers } from './readiness.ts';
import { stages, versionAnnotation, versionCondition, type PodFate } from './stages.ts';

export type ClusterOptions = {
  /** The context's name, and the prefix of its keys in etcd. */
  name: string;
  etcd: string;
  nodes: readonly SimulatedNode[];
  /** Without workloads there is only an API server: enough for a cluster that holds nothing but Argo CD's Applications. */
  workloads: boolean;
  /** What its API server writes of its requests into `auditLog`: a policy (audit.k8s.io/v1); nothing where none is given. */
  audit?: object | undefined;
};

/** One cluster: an API server of its own with controllers, a scheduler and simulated nodes, over a shared etcd. */
export class Cluster {
  readonly name: string;
  readonly server: string;
  readonly token: string;
  /** Of the user `guest`, who may do nothing but what a test allows. */
  readonly guestToken: string;
  readonly kubeconfig: string;
  readonly folder: string;
  readonly #port: number;
  readonly #processes: Processes;
  readonly #options: ClusterOptions;
  readonly #fates = new Map<string, PodFate>();
  #version = 0;
  #client: KubeClient | undefined;

  private constructor(processes: Processes, folder: string, port: number, options: ClusterOptions) {
    this.name = options.name;
    this.folder = folder;
    this.server = `https://127.0.0.1:${port}`;
    this.token = randomBytes(16).toString('hex');
    this.guestToken = randomBytes(16).toString('hex');
    this.kubeconfig = path.join(folder, 'kubeconfig');
    this.#port = port;
    this.#processes = processes;
    this.#options = options;
  }

  static async start(processes: Processes, root: string, options: ClusterOptions): Promise<Cluster> {
    const folder = path.join(root, options.name);
    mkdirSync(folder, { recursive: true });
    const cluster = new Cluster(processes, folder, await freePort(), options);
    const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
    writeFileSync(path.join(folder, 'accounts.pem'), privateKey.export({ type: 'pkcs1', format: 'pem' }));
    writeFileSync(
      path.join(folder, 'tokens.csv'),
      `${cluster.token},rig,rig,system:masters\n${cluster.guestToken},guest,guest\n`,
    );
    if (options.audit !== undefined) writeFileSync(path.join(folder, AUDIT_POLICY), JSON.stringify(options.audit));
    await cluster.startApiServer();
    writeFileSync(cluster.kubeconfig, stringify(kubeconfigOf([cluster])));
    if (options.workloads) await cluster.#startWorkloads();
    return cluster;
  }

  get client(): KubeClient {
    this.#client ??= new KubeClient(this);
    return this.#client;
  }

  /** The API server signs its own certificate once, and is known by it. */
  get certificate(): string {
    return readFileSync(path.join(this.folder, 'certificates', 'apiserver.crt'), 'utf8');
  }

  /** One event on each line. */
  get auditLog(): string {
    return path.join(this.folder, AUDIT_LOG);
  }

  process(program: string): string {
    return `${this.name}.${program}`;
  }

  /** Starts it on the same port, with the same data, certificate and token, whatever happened to the one before. */
  async startApiServer(): Promise<void> {
    const name = this.process('kube-apiserver');
    const args = apiServerArguments(this.folder, this.#port, this.#options);
    await this.#processes.start({
      name,
      command: binary('kube-apiserver'),
      args,
      ready: () => secureAnswers(`${this.server}/readyz`, this.token),
    });
    // It would come back by itself, but only after half a minute; nodes are not what a test of an outage is about.
    if (this.#processes.isRunning(this.process('kwok'))) await this.#restartKwok();
  }

  /** @param how `crash` drops every connection at once; `stop` ends watches in order */
  async stopApiServer(how: 'crash' | 'stop' = 'crash'): Promise<void> {
    await this.#processes.stop(this.process('kube-apiserver'), how === 'crash' ? 'SIGKILL' : 'SIGTERM');
  }

  async #startWorkloads(): Promise<void> {
    await this.client.apply(documentsIn(path.join(carriedFolder('kwok'), 'kwok.x-k8s.io_stages.yaml')));
    await this.client.apply(stages([], '0'));
    await this.client.apply(this.#options.nodes.map(nodeManifest));
    const [controllers, scheduler] = [await freePort(), await freePort()];
    const common = ['--kubeconfig', this.kubeconfig, '--leader-elect=false', '--bind-address=127.0.0.1'];
    await Promise.all([
      this.#processes.start({
        name: this.process('kube-controller-manager'),
        command: binary('kube-controller-manager'),
        args: [...common, `--secure-port=${controllers}`, ...controllerArguments(this.folder)],
        ready: () => secureAnswers(`https://127.0.0.1:${controllers}/healthz`),
      }),
      this.#processes.start({
        name: this.process('kube-scheduler'),
        command: binary('kube-scheduler'),
        args: [...common, `--secure-port=${scheduler}`],
        ready: () => secureAnswers(`https://127.0.0.1:${scheduler}/healthz`),
      }),
      this.#startKwok(),
    ]);
  }

  async #restartKwok(): Promise<void> {
    await this.#processes.stop(this.process('kwok'));
    await this.#startKwok();
  }

  async #startKwok(): Promise<void> {
    const port = await freePort();
    await this.#processes.start({
      name: this.process('kwok'),
      command: binary('kwok'),
      args: [
        '--kubeconfig',
        this.kubeconfig,
        '--enable-crds=Stage',
        `--manage-nodes-with-annotation-selector=${PLAYED}`,
        '--manage-all-nodes=false',
        '--node-lease-duration-seconds=40',
        `--server-address=127.0.0.1:${port}`,
      ],
      ready: () => answers(`http://127.0.0.1:${port}/healthz`),
    });
  }

  /** Says what becomes of pods with some digest from now on; pods that wait are looked at again. */
  async setFate(fate: PodFate): Promise<void> {
    this.#fates.set(fate.digest, fate);
    await this.#applyFates();
  }

  /** Pods with this digest, or all, become Ready again as pods do. */
  async clearFate(digest?: string): Promise<void> {
    if (digest === undefined) this.#fates.clear();
    else this.#fates.delete(digest);
    await this.#applyFates();
  }

  /** Returns when kwok goes by the new stages and looks at every pod again: by itself it looks only at what changes. */
  async #applyFates(): Promise<void> {
    this.#version += 1;
    const version = String(this.#version);
    await this.client.apply(stages([...this.#fates.values()], version));
    const [node] = this.#options.nodes;
    if (node === undefined) return;
    const named = { apiVersion: 'v1', kind: 'Node', name: node.name };
    const began = performance.now();
    let restarted = false;
    while (!readsVersion(await this.client.get(named), version)) {
      const waited = performance.now() - began;
      // Where the machine is busy it may lose its watch of stages for a minute; one that starts reads them first.
      if (waited > 20_000 && !restarted) {
        restarted = true;
        await this.#restartKwok();
      }
      if (waited > 80_000) throw new Error(`kwok at ${this.name} does not take up new stages`);
      await this.client.annotate(named, { [versionAnnotation]: version, 'rig.fieldproof.dev/asked': String(Date.now()) });
      await sleep(200);
    }
    for (const { metadata } of await this.client.list({ apiVersion: 'v1', kind: 'Pod' })) await this.#look(metadata);
  }

  async #look(pod: { name: string; namespace?: string }): Promise<void> {
    const looked = { 'rig.fieldproof.dev/looked': String(Date.now()) };
    await this.client.annotate({ apiVersion: 'v1', kind: 'Pod', ...pod }, looked).catch(() => undefined);
  }
}

const readsVersion = ({ status }: Resource, version: string): boolean =>
  conditionsOf(status).some(({ type, reason }) => type === versionCondition && reason === version);

function conditionsOf(status: unknown): readonly { type: string; status: string; reason?: string }[] {
  return (status as { conditions?: { type: string; status: string }[] } | undefined)?.conditions ?? [];
}
