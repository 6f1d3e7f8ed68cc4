/** Resources as an API server keeps them: any JSON object with its metadata. */
export type Stored = {
  metadata: { namespace: string; name: string; resourceVersion?: string; labels?: Record<string, string> };
  readonly [field: string]: unknown;
};

/** What a path asks for: a kind, in one namespace or in all. */
export type Prefix = { collection: string; namespace: string | null };

/** Which resources a list or watch gets, by its path and its selectors. */
export function selection({ namespace }: Prefix, query: URLSearchParams): (resource: Stored) => boolean {
  const name = /^metadata\.name=(.+)$/.exec(query.get('fieldSelector') ?? '')?.[1];
  const terms = (query.get('labelSelector') ?? '').split(/,(?![^(]*\))/).filter(Boolean);
  return ({ metadata }) =>
    (namespace === null || metadata.namespace === namespace) &&
    (name === undefined || metadata.name === name) &&
    terms.every((term) => {
      const [, key = '', value, values] = /^([^= ]+)(?:=(.*)| in \((.*)\))?$/.exec(term) ?? [];
      const label = metadata.labels?.[key];
      if (value !== undefined) return label === value;
      return values === undefined ? label !== undefined : label !== undefined && values.split(',').includes(label);
    });
}

/** RFC 7396. */
export function mergePatch(target: unknown, patch: unknown): unknown {
  if (patch === null || typeof patch !== 'object' || Array.isArray(patch)) return patch;
  const base = target !== null && typeof target === 'object' ? (target as Record<string, unknown>) : {};
  const entries = Object.entries(patch).map(([key, value]) => [key, mergePatch(base[key], value)] as const);
  const merged = { ...base, ...Object.fromEntries(entries) };
  return Object.fromEntries(Object.entries(merged).filter(([, value]) => value !== null));
}
