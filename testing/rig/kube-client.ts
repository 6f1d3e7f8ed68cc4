import { readFileSync } from 'node:fs';
import { KubeConfig, KubernetesObjectApi, type KubernetesObject } from '@kubernetes/client-node';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseAllDocuments } from 'yaml';

/** Any resource, as the API server gives it. */
// oxlint-disable-next-line typescript/no-explicit-any
export type Resource = { apiVersion: string; kind: string; metadata: Metadata; spec?: any; status?: any; [field: string]: any };
type Metadata = {
  name: string;
  namespace?: string;
  labels?: Record<string, string>;
  annotations?: Record<string, string>;
  generation?: number;
  finalizers?: string[];
};

/** What names a resource. */
export type Named = { apiVersion: string; kind: string; name: string; namespace?: string };

const header = ({ apiVersion, kind, name, namespace }: Named) => ({
  apiVersion,
  kind,
  metadata: { name, ...(namespace === undefined ? {} : { namespace }) },
});

/** The few verbs that tests need, for any kind of resource. */
export class KubeClient {
  readonly #api: KubernetesObjectApi;

  constructor(kubeconfig: string) {
    const config = new KubeConfig();
    config.loadFromFile(kubeconfig);
    this.#api = KubernetesObjectApi.makeApiClient(config);
  }

  /** Server-side apply, by force: the rig is right. Accepts YAML of many documents, or objects. */
  async apply(manifests: string | readonly object[]): Promise<void> {
    for (const manifest of typeof manifests === 'string' ? documents(manifests) : manifests)
      await this.#api.patch(manifest as KubernetesObject, undefined, undefined, 'rig', true, 'application/apply-patch+yaml');
  }

  /** Merges a part into a resource; `null` removes a field. */
  async merge(named: Named, part: object): Promise<void> {
    const { metadata, ...rest } = part as { metadata?: object };
    const { metadata: own, ...kind } = header(named);
    const body = { ...kind, ...rest, metadata: { ...metadata, ...own } };
    await this.#api.patch(body, undefined, undefined, undefined, undefined, 'application/merge-patch+json');
  }

  async annotate(named: Named, annotations: Readonly<Record<string, string | null>>): Promise<void> {
    await this.merge(named, { metadata: { annotations } });
  }

  async get(named: Named): Promise<Resource> {
    return (await this.#api.read(header(named))) as unknown as Resource;
  }

  /** All of one kind; of every namespace where none is given. */
  async list({ apiVersion, kind, namespace }: { apiVersion: string; kind: string; namespace?: string }): Promise<Resource[]> {
    const { items } = await this.#api.list<KubernetesObject>(apiVersion, kind, namespace);
    return items.map((item) => ({ ...item, apiVersion, kind }) as unknown as Resource);
  }

  async delete(named: Named): Promise<void> {
    await this.#api.delete(header(named));
  }

  /**
   * Asks for a resource until it is as wanted; an error of the API server counts as not yet.
   * @throws Error with the resource as it last was, when `timeout` milliseconds are over
   */
  async until(named: Named, wanted: (resource: Resource) => boolean, timeout = 60_000): Promise<Resource> {
    const deadline = performance.now() + timeout;
    let last: unknown = 'it was never there';
    while (performance.now() < deadline) {
      try {
        const resource = await this.get(named);
        if (wanted(resource)) return resource;
        last = resource['status'] ?? resource;
      } catch (error) {
        last = error instanceof Error ? error.message : error;
      }
      await sleep(200);
    }
    throw new Error(`${named.kind} ${named.name} is not as wanted after ${timeout / 1000} s: ${JSON.stringify(last, null, 1)}`);
  }
}

export function documents(yaml: string): object[] {
  return parseAllDocuments(yaml).flatMap((document) => (document.contents === null ? [] : [document.toJS() as object]));
}

export const documentsIn = (file: string): object[] => documents(readFileSync(file, 'utf8'));
