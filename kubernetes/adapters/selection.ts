import type { Selection } from './resource-feed.ts';

/** An API of Kubernetes: `/apis/<group>/<version>`, or `/api/v1`. */
export type Api = { base: string; plural: string };

export const KUSTOMIZATIONS: Api = { base: '/apis/kustomize.toolkit.fluxcd.io/v1', plural: 'kustomizations' };
export const APPLICATIONS: Api = { base: '/apis/argoproj.io/v1alpha1', plural: 'applications' };
export const PODS: Api = { base: '/api/v1', plural: 'pods' };

/** The kinds of source that a Kustomization may name, and whose trouble can be told. */
export const SOURCES: ReadonlyMap<string, Api> = new Map(
  (
    [
      ['GitRepository', 'gitrepositories'],
      ['OCIRepository', 'ocirepositories'],
      ['Bucket', 'buckets'],
    ] as const
  ).map(([kind, plural]) => [kind, { base: '/apis/source.toolkit.fluxcd.io/v1', plural }]),
);

type ObjectName = { namespace: string; name: string };

export function pathOf({ base, plural }: Api, { namespace, name }: ObjectName): string {
  return `${base}/namespaces/${encodeURIComponent(namespace)}/${plural}/${encodeURIComponent(name)}`;
}

/** One selection that holds all these objects and, as far as a server can be asked, no others. */
export function selectObjects(api: Api, objects: readonly ObjectName[]): Selection {
  const names = new Set(objects.map(({ name }) => name));
  const [only] = names;
  const query: Record<string, string> = names.size === 1 && only !== undefined ? { fieldSelector: `metadata.name=${only}` } : {};
  return { path: pathIn(api, objects), query };
}

/** A selector is part of a URL: of more values than this, only the key is asked for. */
const MOST_VALUES = 20;

/** One selection that holds the pods of all these places: by the labels that all of them name. */
export function selectPods(places: readonly { namespace: string; labels: Readonly<Record<string, string>> }[]): Selection {
  const labels = places.map((place) => new Map(Object.entries(place.labels)));
  const shared = [...(labels[0]?.keys() ?? [])].filter((key) => labels.every((map) => map.has(key))).toSorted();
  const terms = shared.map((key) => {
    const values = [...new Set(labels.map((map) => map.get(key) ?? ''))].toSorted();
    if (values.length > MOST_VALUES) return key;
    return values.length === 1 ? `${key}=${values[0]}` : `${key} in (${values.join(',')})`;
  });
  return { path: pathIn(PODS, places), query: terms.length === 0 ? {} : { labelSelector: terms.join(',') } };
}

function pathIn({ base, plural }: Api, objects: readonly { namespace: string }[]): string {
  const namespaces = new Set(objects.map(({ namespace }) => namespace));
  const [only] = namespaces;
  const within = namespaces.size === 1 && only !== undefined ? `/namespaces/${encodeURIComponent(only)}` : '';
  return `${base}${within}/${plural}`;
}
