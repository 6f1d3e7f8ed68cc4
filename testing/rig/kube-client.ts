import { readFileSync } from 'node:fs';
import { Agent, request } from 'node:https';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseAllDocuments } from 'yaml';

/** Any resource, byte for byte as the API server gives it. */
export type Resource = {
  apiVersion: string;
  kind: string;
  metadata: { name: string; namespace?: string; [field: string]: unknown };
  // oxlint-disable-next-line typescript/no-explicit-any
  spec?: any;
  // oxlint-disable-next-line typescript/no-explicit-any
  status?: any;
  [field: string]: unknown;
};

/** What names a resource. */
export type Named = { apiVersion: string; kind: string; name: string; namespace?: string };

type ApiResource = { name: string; kind: string; namespaced: boolean };

const APPLY = 'application/apply-patch+yaml';
const MERGE = 'application/merge-patch+json';

/**
 * The few verbs that tests need, for any kind of resource. Not @kubernetes/client-node, whose typed models would change what
 * passes through them: it drops every `default` of a CustomResourceDefinition (its field is called `_default` there), and
 * makes dates of times.
 */
export class KubeClient {
  readonly #server: string;
  readonly #token: string;
  readonly #agent: Agent;
  readonly #kinds = new Map<string, readonly ApiResource[]>();

  constructor({ server, token, certificate }: { server: string; token: string; certificate: string }) {
    this.#server = server;
    this.#token = token;
    this.#agent = new Agent({ ca: certificate, keepAlive: true, maxSockets: 8 });
  }

  /** Server-side apply, by force: the rig is right. Accepts YAML of many documents, or objects. */
  async apply(manifests: string | readonly object[]): Promise<void> {
    for (const manifest of (typeof manifests === 'string' ? documents(manifests) : manifests) as Resource[]) {
      const { apiVersion, kind, metadata } = manifest;
      const path = await this.#pathOf({ apiVersion, kind, name: metadata.name, ...withNamespace(metadata) });
      await this.#call('PATCH', `${path}?fieldManager=rig&force=true`, { type: APPLY, body: JSON.stringify(manifest) });
    }
  }

  /** Merges a part into a resource; `null` removes a field. */
  async merge(named: Named, part: object): Promise<void> {
    await this.#call('PATCH', await this.#pathOf(named), { type: MERGE, body: JSON.stringify(part) });
  }

  async annotate(named: Named, annotations: Readonly<Record<string, string | null>>): Promise<void> {
    await this.merge(named, { metadata: { annotations } });
  }

  async get(named: Named): Promise<Resource> {
    return (await this.#call('GET', await this.#pathOf(named))) as Resource;
  }

  /** All of one kind; of every namespace where none is given. */
  async list(kind: Omit<Named, 'name'>): Promise<Resource[]> {
    const { items } = (await this.#call('GET', await this.#pathOf(kind))) as { items: Omit<Resource, 'apiVersion' | 'kind'>[] };
    return items.map((item) => ({ ...item, apiVersion: kind.apiVersion, kind: kind.kind }) as Resource);
  }

  async delete(named: Named): Promise<void> {
    await this.#call('DELETE', await this.#pathOf(named));
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

  async #pathOf({ apiVersion, kind, name, namespace }: Omit<Named, 'name'> & { name?: string }): Promise<string> {
    const group = apiVersion.includes('/') ? `/apis/${apiVersion}` : `/api/${apiVersion}`;
    const resource = await this.#resource(group, kind);
    const place = resource.namespaced && namespace !== undefined ? `/namespaces/${namespace}` : '';
    return `${group}${place}/${resource.name}${name === undefined ? '' : `/${name}`}`;
  }

  /** A kind that was defined a moment ago is served a moment later. */
  async #resource(group: string, kind: string): Promise<ApiResource> {
    const deadline = performance.now() + 20_000;
    for (;;) {
      const resource = this.#kinds.get(group)?.find((each) => each.kind === kind && !each.name.includes('/'));
      if (resource !== undefined) return resource;
      if (performance.now() > deadline) throw new Error(`${group} has no kind ${kind}`);
      const answer = await this.#call('GET', group).catch(() => null);
      this.#kinds.set(group, (answer as { resources: ApiResource[] } | null)?.resources ?? []);
      if (this.#kinds.get(group)?.every((each) => each.kind !== kind)) await sleep(200);
    }
  }

  /** A server that has just come back answers 429 while it reads its storage, and its old connections are dead. */
  async #call(method: string, path: string, content?: { type: string; body: string }): Promise<unknown> {
    const deadline = performance.now() + 30_000;
    for (;;) {
      try {
        return await this.#once(method, path, content);
      } catch (error) {
        const passing = error instanceof Error && /: 429 |ECONNRESET|socket hang up/.test(error.message);
        if (!passing || performance.now() > deadline) throw error;
        await sleep(200);
      }
    }
  }

  #once(method: string, path: string, content?: { type: string; body: string }): Promise<unknown> {
    const headers = { authorization: `Bearer ${this.#token}`, ...(content ? { 'content-type': content.type } : {}) };
    return new Promise((resolve, reject) => {
      const asked = request(`${this.#server}${path}`, { method, headers, agent: this.#agent, timeout: 30_000 }, (response) => {
        const chunks: Buffer[] = [];
        response.on('data', (chunk: Buffer) => chunks.push(chunk));
        response.on('error', reject);
        response.on('end', () => {
          const text = Buffer.concat(chunks).toString();
          if ((response.statusCode ?? 500) < 300) resolve(JSON.parse(text));
          else reject(new Error(`${method} ${path}: ${response.statusCode} ${messageIn(text)}`));
        });
      });
      asked.on('timeout', () => asked.destroy(new Error(`${method} ${path}: no answer in 30 s`)));
      asked.on('error', reject);
      asked.end(content?.body);
    });
  }
}

function messageIn(text: string): string {
  try {
    return (JSON.parse(text) as { message?: string }).message ?? text;
  } catch {
    return text;
  }
}

const withNamespace = ({ namespace }: { namespace?: string }) => (namespace === undefined ? {} : { namespace });

export function documents(yaml: string): object[] {
  return parseAllDocuments(yaml).flatMap((document) => (document.contents === null ? [] : [document.toJS() as object]));
}

export const documentsIn = (file: string): object[] => documents(readFileSync(file, 'utf8'));

/** @throws Error naming what was waited for, when `timeout` milliseconds are over */
export async function untilTrue(asked: () => Promise<boolean>, what: string, timeout = 60_000): Promise<void> {
  const deadline = performance.now() + timeout;
  while (!(await asked())) {
    if (performance.now() > deadline) throw new Error(`waited ${timeout / 1000} s for ${what}`);
    await sleep(200);
  }
}
