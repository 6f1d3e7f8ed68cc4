import { generateKeyPairSync, randomBytes } from 'node:crypto';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { stringify } from 'yaml';
import { binary, definitionFolder } from './components.ts';
import { documentsIn, KubeClient } from './kube-client.ts';
import { freePort, type Processes } from './processes.ts';
import { secureAnswers, answers } from './readiness.ts';
import { stages, type PodFate } from './stages.ts';

/** A node that kwok plays. `platform` as OCI writes it. */
export type SimulatedNode = { name: string; chipset: string; platform: string };

export type ClusterOptions = {
  /** The context's name, and the prefix of its keys in etcd. */
  name: string;
  etcd: string;
  nodes: readonly SimulatedNode[];
  /** Without workloads there is only an API server: enough for a cluster that holds nothing but Argo CD's Applications. */
  workloads: boolean;
};

const NODES = 'kwok.x-k8s.io/node=fake';

/** One cluster: an API server of its own with controllers, a scheduler and simulated nodes, over a shared etcd. */
export class Cluster {
  readonly name: string;
  readonly server: string;
  readonly token: string;
  readonly kubeconfig: string;
  readonly folder: string;
  readonly #port: number;
  readonly #processes: Processes;
  readonly #options: ClusterOptions;
  readonly #fates = new Map<string, PodFate>();
  #client: KubeClient | undefined;

  private constructor(processes: Processes, folder: string, port: number, options: ClusterOptions) {
    this.name = options.name;
    this.folder = folder;
    this.server = `https://127.0.0.1:${port}`;
    this.token = randomBytes(16).toString('hex');
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
    writeFileSync(path.join(folder, 'tokens.csv'), `${cluster.token},rig,rig,system:masters\n`);
    await cluster.startApiServer();
    writeFileSync(cluster.kubeconfig, stringify(kubeconfigOf([cluster])));
    if (options.workloads) await cluster.#startWorkloads();
    return cluster;
  }

  get client(): KubeClient {
    this.#client ??= new KubeClient(this.kubeconfig);
    return this.#client;
  }

  /** The API server signs its own certificate once, and is known by it. */
  get certificate(): string {
    return readFileSync(path.join(this.folder, 'certificates', 'apiserver.crt'), 'utf8');
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
  }

  /** @param how `crash` drops every connection at once; `stop` ends watches in order */
  async stopApiServer(how: 'crash' | 'stop' = 'crash'): Promise<void> {
    await this.#processes.stop(this.process('kube-apiserver'), how === 'crash' ? 'SIGKILL' : 'SIGTERM');
  }

  async #startWorkloads(): Promise<void> {
    await this.client.apply(documentsIn(path.join(definitionFolder('kwok'), 'kwok.x-k8s.io_stages.yaml')));
    await this.client.until(
      { apiVersion: 'apiextensions.k8s.io/v1', kind: 'CustomResourceDefinition', name: 'stages.kwok.x-k8s.io' },
      ({ status }) => JSON.stringify(status).includes('"Established","status":"True"') || established(status),
    );
    await this.client.apply(stages([]));
    await this.client.apply(this.#options.nodes.map(nodeManifest));
    const [controllers, scheduler, kwok] = await Promise.all([freePort(), freePort(), freePort()]);
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
      this.#processes.start({
        name: this.process('kwok'),
        command: binary('kwok'),
        args: [
          ...['--kubeconfig', this.kubeconfig, '--enable-crds=Stage', `--manage-nodes-with-annotation-selector=${NODES}`],
          ...['--manage-all-nodes=false', '--node-lease-duration-seconds=40', `--server-address=127.0.0.1:${kwok}`],
        ],
        ready: () => answers(`http://127.0.0.1:${kwok}/healthz`),
      }),
    ]);
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

  async #applyFates(): Promise<void> {
    await this.client.apply(stages([...this.#fates.values()]));
    // kwok reads the new stages in its own time, and looks at a pod only when something about it changes.
    for (const pause of [300, 1_000]) {
      await sleep(pause);
      const pods = await this.client.list({ apiVersion: 'v1', kind: 'Pod' });
      for (const { metadata } of pods)
        await this.client.annotate(
          { apiVersion: 'v1', kind: 'Pod', ...metadata },
          { 'rig.fieldproof.dev/looked': String(pause) },
        );
    }
  }
}

// oxlint-disable-next-line typescript/no-explicit-any
const established = (status: any): boolean =>
  // oxlint-disable-next-line typescript/no-explicit-any
  (status?.conditions ?? []).some(({ type, status: is }: any) => type === 'Established' && is === 'True');

function nodeManifest({ name, chipset, platform }: SimulatedNode): object {
  const [os = 'linux', architecture = 'amd64'] = platform.split('/');
  const labels = {
    'kubernetes.io/os': os,
    'kubernetes.io/arch': architecture,
    'kubernetes.io/hostname': name,
    'fieldproof.dev/chipset': chipset,
  };
  const [key = '', value = ''] = NODES.split('=');
  return { apiVersion: 'v1', kind: 'Node', metadata: { name, labels, annotations: { [key]: value } } };
}

function apiServerArguments(folder: string, port: number, { name, etcd }: ClusterOptions): string[] {
  const accounts = path.join(folder, 'accounts.pem');
  return [
    `--etcd-servers=${etcd}`,
    `--etcd-prefix=/${name}`,
    '--bind-address=127.0.0.1',
    '--advertise-address=127.0.0.1',
    `--secure-port=${port}`,
    // The loopback is no address for the Service `kubernetes`; nothing here runs in a pod and asks for it.
    '--endpoint-reconciler-type=none',
    `--cert-dir=${path.join(folder, 'certificates')}`,
    `--token-auth-file=${path.join(folder, 'tokens.csv')}`,
    '--service-account-issuer=https://kubernetes.default.svc',
    `--service-account-key-file=${accounts}`,
    `--service-account-signing-key-file=${accounts}`,
    '--authorization-mode=RBAC',
    // It taints new nodes until the node lifecycle controller, which the rig leaves out, says that they are ready.
    '--disable-admission-plugins=TaintNodesByCondition',
    '--service-cluster-ip-range=10.0.0.0/24',
    '--allow-privileged=false',
    '--profiling=false',
  ];
}

/** What a Deployment, a Job and a namespace need; no node lifecycle: a busy machine must not evict pods. */
function controllerArguments(folder: string): string[] {
  const needed = [
    ...['deployment-controller', 'replicaset-controller', 'job-controller', 'namespace-controller'],
    ...['garbage-collector-controller', 'serviceaccount-controller', 'endpointslice-controller'],
  ];
  return [`--controllers=${needed.join(',')}`, `--service-account-private-key-file=${path.join(folder, 'accounts.pem')}`];
}

/** A kubeconfig with a context per cluster, named as the cluster is; the first is the current one. */
export function kubeconfigOf(clusters: readonly Cluster[], namespace = 'default'): object {
  const encode = (text: string) => Buffer.from(text).toString('base64');
  return {
    apiVersion: 'v1',
    kind: 'Config',
    'current-context': clusters[0]?.name ?? '',
    clusters: clusters.map(({ name, server, certificate }) => ({
      name,
      cluster: { server, 'certificate-authority-data': encode(certificate) },
    })),
    users: clusters.map(({ name, token }) => ({ name, user: { token } })),
    contexts: clusters.map(({ name }) => ({ name, context: { cluster: name, user: name, namespace } })),
  };
}
