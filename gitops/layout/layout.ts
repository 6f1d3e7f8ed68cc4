import type { Site } from '../release.ts';

/**
 * What of a release can stand in a field: an image's name, its digest, or both as `name@sha256:...`; the weights' variant.
 */
export const LAYOUT_VALUES = [
  'model.name',
  'model.digest',
  'model.reference',
  'runtime.name',
  'runtime.digest',
  'runtime.reference',
  'variant',
] as const;
export type LayoutValue = (typeof LAYOUT_VALUES)[number];

/**
 * One file of a fleet repository that people keep, and the fields in it that are ours to write. `{model}`, `{site}` and
 * `{chipset}` in a path, a document's name or a field stand for those of a release.
 */
export type LayoutFile = {
  path: string;
  /** Which document of a file with several; null where there is one. */
  document: { kind: string | null; name: string | null } | null;
  set: readonly { field: string; value: LayoutValue }[];
  /** Empty means all. */
  only: { models: readonly string[]; sites: readonly string[]; chipsets: readonly string[] };
};

/** A model at one site on one chipset. */
export type Place = { model: string; site: string; chipset: string };

/** A fleet repository that people keep: where it says what runs, and the places that it speaks of. */
export type KeptFleet = {
  files: readonly LayoutFile[];
  sites: readonly { name: string; chipset: string }[];
  /** What the model's images are called; a layout need not say where the names stand. */
  images: { model: string; runtime: string };
};

/** A field of a file that is ours, at one place. */
export type FieldAt = { path: string; document: LayoutFile['document']; field: string; value: LayoutValue; place: Place };

/** Every field that says what a model runs at a place. */
export function fieldsAt(files: readonly LayoutFile[], place: Place): FieldAt[] {
  const applies = ({ only }: LayoutFile) =>
    isNamed(only.models, place.model) && isNamed(only.sites, place.site) && isNamed(only.chipsets, place.chipset);
  return files.filter(applies).flatMap(({ path, document, set }) =>
    set.map(({ field, value }) => ({
      path: expand(path, place),
      document: document && { kind: document.kind, name: document.name && expand(document.name, place) },
      field: expand(field, place),
      value,
      place,
    })),
  );
}

export function placeOf(model: string, { name, chipset }: Pick<Site, 'name' | 'chipset'>): Place {
  return { model, site: name, chipset: chipset.name };
}

/** The files that say anything of what a model runs at these sites. */
export function keptFiles({ files, sites }: Pick<KeptFleet, 'files' | 'sites'>, model: string): string[] {
  const paths = sites.flatMap(({ name, chipset }) => fieldsAt(files, { model, site: name, chipset }).map(({ path }) => path));
  return [...new Set(paths)].toSorted();
}

const isNamed = (names: readonly string[], name: string) => names.length === 0 || names.includes(name);

function expand(template: string, place: Place): string {
  return template.replace(/\{(model|site|chipset)\}/g, (_, name: keyof Place) => place[name]);
}
