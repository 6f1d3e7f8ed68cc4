import { createHash } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { stringify } from 'yaml';
import type { Cluster } from './cluster.ts';
import { untilTrue, type KubeClient, type Named, type Resource } from './kube-client.ts';
import type { PodFate } from './stages.ts';

/**
 * What a recording must be judged as; it is written beside the recording, and a table test of the predicates reads both.
 * Written by whoever knows the notes' row, not by what the predicates happen to say.
 */
export type Expected = {
  state: 'progressing' | 'healthy' | 'applied' | 'unhealthy' | 'failed' | 'superseded';
  overdue?: 'failed' | 'unknown';
  /** A regular expression that the reason must match. */
  reason: string;
  previousHealth?: string;
  /** How other commits that the resources speak of stand to the one watched. */
  relations?: Readonly<Record<string, string>>;
};

export type Files = Readonly<Record<string, string>>;

/** A digest of its own for every row, so that the fate of its pods is its own too. */
export const digestOf = (row: string, part = 'model'): string =>
  `sha256:${createHash('sha256').update(`${row} ${part}`).digest('hex')}`;

/** A release as Fieldproof writes it, cut down to what controllers look at: weights as an image volume, a runtime. */
export function application(row: string, deployment: object = {}): Files {
  const labels = { 'app.kubernetes.io/name': row };
  const volumes = [{ name: 'model', image: { reference: `registry.example/acme/porch@${digestOf(row)}` } }];
  const containers = [{ name: 'model', image: `registry.example/acme/runtime@${digestOf(row, 'runtime')}` }];
  const spec = {
    selector: { matchLabels: labels },
    template: { metadata: { labels }, spec: { automountServiceAccountToken: false, containers, volumes } },
    ...deployment,
  };
  return {
    'app/deployment.yaml': stringify({
      apiVersion: 'apps/v1',
      kind: 'Deployment',
      metadata: { name: row, namespace: row, labels },
      spec,
    }),
    'app/namespace.yaml': stringify({ apiVersion: 'v1', kind: 'Namespace', metadata: { name: row } }),
    'app/kustomization.yaml': kustomization('namespace.yaml', 'deployment.yaml'),
  };
}

export function kustomization(...resources: readonly string[]): string {
  return stringify({ apiVersion: 'kustomize.config.k8s.io/v1beta1', kind: 'Kustomization', resources });
}

export const configMap = (row: string, data: object): string =>
  stringify({ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: row, namespace: 'default' }, data });

/** Decides what becomes of a row's pods, before there are any. */
export async function setFate(site: Cluster, row: string, fate: PodFate['fate']): Promise<void> {
  const instead = digestOf(row, 'another');
  await site.setFate(fate === 'runs' ? { fate, digest: digestOf(row, 'runtime'), instead } : { fate, digest: digestOf(row) });
}

/** Pods come a moment after the Deployment: a row that is about pods waits for them, in the state that is their fate. */
export async function untilPodsAre(site: Cluster, namespace: string, fate: PodFate['fate'] | undefined): Promise<void> {
  const wanted = {
    held: 'Pending',
    runs: 'Running',
    crashes: 'Running',
    fails: 'Failed',
    'image-cannot-be-pulled': 'ImagePullBackOff',
  };
  await untilTrue(async () => {
    const pods = await site.client.list({ apiVersion: 'v1', kind: 'Pod', namespace });
    return pods.length > 0 && JSON.stringify(pods).includes(`"${wanted[fate ?? 'runs']}"`);
  }, `pods in ${namespace}`);
}

/** Writes `<row>.json`, a List as kubectl prints one, and what it must be judged as. */
export class Recorder {
  readonly #folder: string;
  readonly #controller: 'flux' | 'argocd';

  constructor(folder: string, controller: 'flux' | 'argocd') {
    this.#folder = folder;
    this.#controller = controller;
    mkdirSync(folder, { recursive: true });
  }

  async record(
    row: { name: string; about: string; commit: string; expected: Expected },
    { client, named, pods }: { client: KubeClient; named: readonly Named[]; pods: Cluster | null },
  ): Promise<void> {
    const found = await Promise.all(named.map((each) => client.get(each).catch(() => null)));
    const running = pods === null ? [] : await pods.client.list({ apiVersion: 'v1', kind: 'Pod', namespace: row.name });
    const items = [...found.filter((each) => each !== null), ...running].map(trim);
    const digests = { model: [digestOf(row.name)], runtime: [digestOf(row.name, 'runtime')] };
    const { state, ...more } = row.expected;
    const expected = { row: row.about, controller: this.#controller, commit: row.commit };
    this.#write(`${row.name}.json`, { apiVersion: 'v1', kind: 'List', items });
    this.#write(`${row.name}.expected.json`, { ...expected, ...(pods === null ? {} : { digests }), state, ...more });
    console.log(`recorded ${row.name}: ${items.map(({ kind }) => kind).join(', ')}`);
  }

  #write(file: string, content: object): void {
    writeFileSync(path.join(this.#folder, file), `${JSON.stringify(content, null, 2)}\n`);
  }
}

/** managedFields says who wrote what, at greater length than the rest together, and nothing reads it. */
function trim({ metadata, ...rest }: Resource): Resource {
  const { managedFields: _, ...kept } = metadata as Resource['metadata'] & { managedFields?: unknown };
  return { ...rest, metadata: kept };
}
