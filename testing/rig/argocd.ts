import { randomBytes } from 'node:crypto';
import { mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import path from 'node:path';
import { stringify } from 'yaml';
import { binary, carriedFolder } from './components.ts';
import type { Cluster } from './cluster.ts';
import { kubeconfigOf } from './kubeconfig.ts';
import { documentsIn } from './kube-client.ts';
import { freePort, type Processes } from './processes.ts';
import { answers } from './readiness.ts';

const NAMESPACE = 'argocd';
const APPLICATION = { apiVersion: 'argoproj.io/v1alpha1', kind: 'Application' };

type Ports = Record<'redis' | 'repository' | 'repositoryMetrics' | 'controller' | 'sets' | 'setsProbe' | 'setsWebhook', number>;

/** One Argo CD in a hub cluster, with every site's cluster registered under the site's name. */
export class ArgoCd {
  readonly hub: Cluster;
  /** The hub alone, with Argo CD's namespace as the default: what Argo CD's own programs read. */
  readonly kubeconfig: string;
  readonly #processes: Processes;
  readonly #ports: Ports;

  private constructor(processes: Processes, hub: Cluster, ports: Ports) {
    this.#processes = processes;
    this.hub = hub;
    this.kubeconfig = path.join(hub.folder, 'argocd-kubeconfig');
    this.#ports = ports;
  }

  static async start(processes: Processes, hub: Cluster, sites: readonly Cluster[]): Promise<ArgoCd> {
    const [redis, repository, repositoryMetrics, controller, sets, setsProbe, setsWebhook] = [
      await freePort(),
      await freePort(),
      await freePort(),
      await freePort(),
      await freePort(),
      await freePort(),
      await freePort(),
    ] as [number, number, number, number, number, number, number];
    const ports = { redis, repository, repositoryMetrics, controller, sets, setsProbe, setsWebhook };
    const argo = new ArgoCd(processes, hub, ports);
    writeFileSync(argo.kubeconfig, stringify(kubeconfigOf([hub], NAMESPACE)));
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
    for (const spec of this.#specs())
      if (!this.#processes.isRunning(this.hub.process(spec.name)))
        await this.#processes.start({ ...spec, name: this.hub.process(spec.name), environment: this.#environment(spec.name) });
  }

  /** Applications keep their last word, and nothing is synced any more. */
  async stop(program: 'application-controller' | 'repo-server' | 'applicationset-controller', crash = false): Promise<void> {
    await this.#processes.stop(this.hub.process(program), crash ? 'SIGKILL' : 'SIGTERM');
  }

  #specs() {
    const { redis, repository, repositoryMetrics, controller, sets, setsProbe, setsWebhook } = this.#ports;
    const cache = `--redis=127.0.0.1:${redis}`;
    const kubeconfig = `--kubeconfig=${this.kubeconfig}`;
    const server = `127.0.0.1:${repository}`;
    const probe = `--probe-addr=127.0.0.1:${setsProbe}`;
    return [
      { name: 'redis', command: binary('redis'), args: [`127.0.0.1:${redis}`], ready: () => accepts(redis) },
      {
        name: 'repo-server',
        command: binary('argocd'),
        args: [
          cache,
          '--address=127.0.0.1',
          `--port=${repository}`,
          '--disable-tls',
          '--client-ca-path=',
          '--metrics-address=127.0.0.1',
          `--metrics-port=${repositoryMetrics}`,
        ],
        ready: () => answers(`http://127.0.0.1:${repositoryMetrics}/healthz`),
      },
      {
        name: 'application-controller',
        command: binary('argocd'),
        args: [
          kubeconfig,
          cache,
          `--repo-server=${server}`,
          '--repo-server-plaintext',
          `--metrics-port=${controller}`,
          '--app-resync=3',
          '--app-resync-jitter=0',
        ],
        ready: () => answers(`http://127.0.0.1:${controller}/healthz`),
      },
      {
        name: 'applicationset-controller',
        command: binary('argocd'),
        args: [
          kubeconfig,
          `--argocd-repo-server=${server}`,
          '--repo-server-plaintext',
          `--metrics-addr=127.0.0.1:${sets}`,
          probe,
          `--webhook-addr=127.0.0.1:${setsWebhook}`,
        ],
        ready: () => answers(`http://127.0.0.1:${sets}/metrics`),
      },
    ];
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

function accepts(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1', () => {
      socket.destroy();
      resolve(true);
    });
    socket.on('error', () => resolve(false));
  });
}

const labels = { 'app.kubernetes.io/part-of': 'argocd' };

function settings(): object[] {
  const metadata = (name: string) => ({ name, namespace: NAMESPACE, labels: { ...labels, 'app.kubernetes.io/name': name } });
  const maps = [
    'argocd-rbac-cm',
    'argocd-cmd-params-cm',
    'argocd-ssh-known-hosts-cm',
    'argocd-tls-certs-cm',
    'argocd-gpg-keys-cm',
  ];
  const key = randomBytes(32).toString('base64');
  return [
    {
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: metadata('argocd-cm'),
      data: { 'timeout.reconciliation': '3s', 'timeout.reconciliation.jitter': '0s' },
    },
    ...maps.map((name) => ({ apiVersion: 'v1', kind: 'ConfigMap', metadata: metadata(name) })),
    { apiVersion: 'v1', kind: 'Secret', metadata: metadata('argocd-secret'), stringData: { 'server.secretkey': key } },
  ];
}

const defaultProject = {
  apiVersion: 'argoproj.io/v1alpha1',
  kind: 'AppProject',
  metadata: { name: 'default', namespace: NAMESPACE },
  spec: {
    sourceRepos: ['*'],
    destinations: [{ namespace: '*', server: '*' }],
    clusterResourceWhitelist: [{ group: '*', kind: '*' }],
  },
};

function clusterSecret({ name, server, token, certificate }: Cluster): object {
  const caData = Buffer.from(certificate).toString('base64');
  return {
    apiVersion: 'v1',
    kind: 'Secret',
    metadata: {
      name: `cluster-${name}`,
      namespace: NAMESPACE,
      labels: { ...labels, 'argocd.argoproj.io/secret-type': 'cluster', 'fieldproof.dev/site': name },
    },
    stringData: { name, server, config: JSON.stringify({ bearerToken: token, tlsClientConfig: { caData } }) },
  };
}
