import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { createRequire } from 'node:module';
import type { KubeConfig } from '@kubernetes/client-node';
import { CouldNotRun } from '#kernel';

/** Milliseconds within which many clusters that ask for the file anew get the same reading of it. */
const FRESH = 1000;

/** The API server that client-node assumes where nothing says one. */
const NOBODY = 'http://localhost:8080';

/**
 * The kubeconfig, read once for all clusters. Each context becomes a configuration of its own with nothing else in it: with
 * two hundred contexts, two hundred copies of the whole would grow with their square.
 */
export class KubeconfigFiles {
  readonly #environment: Readonly<Record<string, string | undefined>>;
  #read: { config: KubeConfig; at: number } | null = null;

  constructor(environment: Readonly<Record<string, string | undefined>>) {
    this.#environment = environment;
  }

  /**
   * @param anew reads the files again, for tokens expire and are written anew
   * @throws CouldNotRun when there is no kubeconfig, or no such context in it
   */
  context(name: string | null, { anew = false } = {}): KubeConfig {
    const whole = this.#whole(anew);
    const context = whole.getContextObject(name ?? whole.getCurrentContext());
    const cluster = context === null ? null : whole.getCluster(context.cluster);
    if (context === null || cluster === null) throw noContext(name, whole);
    const user = whole.getUser(context.user);
    const single = newKubeConfig();
    // client-node refuses plain HTTP unless TLS is not verified; kubectl does not, and there is none to verify.
    const plain = cluster.server.startsWith('http://');
    single.loadFromOptions({
      clusters: [plain ? { ...cluster, skipTLSVerify: true } : cluster],
      users: user === null ? [] : [user],
      contexts: [context],
      currentContext: context.name,
    });
    return single;
  }

  /** Whether there is one; whether it is any good shows when it is used. */
  get isThere(): boolean {
    const files = (this.#environment['KUBECONFIG'] ?? '').split(delimiter).filter(Boolean);
    if (files.length > 0) return files.some((file) => existsSync(file));
    const home = this.#environment['HOME'] ?? '';
    return existsSync(join(home, '.kube', 'config')) || this.#environment['KUBERNETES_SERVICE_HOST'] !== undefined;
  }

  /** Whether there is such a context with a cluster; null names the current one. */
  has(name: string | null): boolean {
    try {
      return this.context(name).getCurrentCluster() !== null;
    } catch (thrown) {
      if (thrown instanceof CouldNotRun) return false;
      throw thrown;
    }
  }

  #whole(anew: boolean): KubeConfig {
    const now = performance.now();
    if (this.#read === null || (anew && now - this.#read.at > FRESH)) this.#read = { config: this.#load(), at: now };
    return this.#read.config;
  }

  #load(): KubeConfig {
    const files = (this.#environment['KUBECONFIG'] ?? '').split(delimiter).filter(Boolean);
    const config = newKubeConfig();
    try {
      if (files.length === 0) config.loadFromDefault();
      else for (const file of files.filter((each) => existsSync(each))) merge(config, file);
    } catch (cause) {
      const file = files.join(delimiter) || '~/.kube/config';
      throw new CouldNotRun({ file, message: 'is no kubeconfig', remedy: 'mend it until kubectl can use it' }, { cause });
    }
    if (config.clusters.length === 0 || config.getCurrentCluster()?.server === NOBODY) throw noKubeconfig(files);
    return config;
  }
}

/** As kubectl merges: what is named first wins. */
function merge(config: KubeConfig, file: string): void {
  const next = newKubeConfig();
  next.loadFromFile(file);
  const fresh = <T extends { name: string }>(there: readonly T[], more: readonly T[]) =>
    more.filter(({ name }) => !there.some((known) => known.name === name));
  config.loadFromOptions({
    clusters: [...config.clusters, ...fresh(config.clusters, next.clusters)],
    users: [...config.users, ...fresh(config.users, next.users)],
    contexts: [...config.contexts, ...fresh(config.contexts, next.contexts)],
    currentContext: config.currentContext || next.currentContext,
  });
}

function noKubeconfig(files: readonly string[]): CouldNotRun {
  const file = files.join(delimiter) || '~/.kube/config';
  const remedy = 'set KUBECONFIG, or write ~/.kube/config, so that kubectl reaches the clusters of the fleet';
  return new CouldNotRun({ file, message: 'there is no kubeconfig with a cluster in it', remedy });
}

function noContext(name: string | null, config: KubeConfig): CouldNotRun {
  const names = config.contexts.map((context) => context.name);
  const message = name === null ? 'the kubeconfig has no current context' : `the kubeconfig has no context ${name}`;
  const known = names.length === 0 ? 'it has none at all' : `it has: ${names.slice(0, 20).join(', ')}`;
  return new CouldNotRun({
    file: 'fieldproof.yaml',
    field: 'deploy.sites[].context',
    message: `${message} with a cluster`,
    remedy: `name one of its contexts (${known}), or add it to the kubeconfig`,
  });
}

/** Loaded when it is needed: the client takes a second to load, and most commands ask no cluster. */
function newKubeConfig(): KubeConfig {
  const client = createRequire(import.meta.url)('@kubernetes/client-node') as { KubeConfig: new () => KubeConfig };
  return new client.KubeConfig();
}
