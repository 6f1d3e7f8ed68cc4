import { z } from 'zod';
import { CouldNotRun, digestSchema, parseYaml, problemAt, type Parsed } from '#kernel';
import type { FleetSnapshot } from './fleet-repository.ts';
import { keptFiles, type KeptFleet } from './layout/layout.ts';
import { parseKept } from './layout/read-kept.ts';
import { baseFolder, clusterFile, containerName, modelPlaceholder, overlaysFolder, runtimePlaceholder } from './names.ts';
import { clipAt } from './read-replay.ts';
import type { DeployedAt, DeployedRelease, ImagePin, ManifestFile } from './release.ts';
import { OVERLAY_PARTS } from './render/render-overlay.ts';

/**
 * What a branch of the fleet repository deploys of a model, by site and chipset.
 * @param kept for a repository that people keep: where it says so
 * @throws CouldNotRun as parseDeployed and parseKept do
 */
export async function readDeployed(snapshot: FleetSnapshot, model: string, kept: KeptFleet | null = null): Promise<DeployedAt[]> {
  if (snapshot.commit === null) return [];
  if (kept !== null) return parseKept(await readFiles(snapshot, keptFiles(kept, model)), model, kept);
  const paths = await snapshot.list(overlaysFolder(model));
  const sites = new Set(paths.map((path) => path.slice(overlaysFolder(model).length + 1).split('/')[0] ?? ''));
  const applied = [...sites].map((site) => clusterFile(model, site));
  const files = await readFiles(snapshot, [...paths, ...applied, `${baseFolder(model)}/deployment.yaml`]);
  return parseDeployed(
    [...files].map(([path, content]) => ({ path, content })),
    model,
  );
}

/** The files that are there, by their paths. */
export async function readFiles(snapshot: FleetSnapshot, paths: readonly string[]): Promise<ReadonlyMap<string, string>> {
  const contents = await Promise.all(paths.map(async (path) => [path, await snapshot.read(path)] as const));
  return new Map(contents.flatMap(([path, content]) => (content === undefined ? [] : [[path, content] as const])));
}

/**
 * The same from files. A digest changed by hand is what is deployed, and is believed. No overlay is no release.
 * @throws CouldNotRun, with every problem and its line, when a file was changed so that what it deploys cannot be known
 */
export function parseDeployed(files: readonly ManifestFile[], model: string): DeployedAt[] {
  const byPath = new Map(files.map((file) => [file.path, file.content]));
  const overlay = new RegExp(`^${overlaysFolder(model)}/([^/]+)/([^/]+)/kustomization\\.yaml$`);
  const deployed: DeployedAt[] = [];
  const problems = [];
  for (const { path, content } of files.toSorted((a, b) => (a.path < b.path ? -1 : 1))) {
    const [, site, chipset] = overlay.exec(path) ?? [];
    if (site === undefined || chipset === undefined) continue;
    try {
      const clip = clipAt({ model, site, chipset }, byPath);
      const release = releaseOf({ path, content }, byPath, model);
      deployed.push({ site, chipset, release, ...(clip === undefined ? {} : { clip }) });
    } catch (thrown) {
      if (!(thrown instanceof CouldNotRun)) throw thrown;
      problems.push(...thrown.problems);
    }
  }
  if (problems.length > 0) throw new CouldNotRun(problems);
  return deployed;
}

const imageSchema = z.strictObject({ name: z.string(), newName: z.string().min(1), digest: digestSchema });

/** As renderOverlay writes it: another patch, component or generator could change what the images here say. */
const overlaySchema = z.strictObject({
  apiVersion: z.string(),
  kind: z.literal('Kustomization'),
  namespace: z.string(),
  nameSuffix: z.string(),
  resources: z.tuple([z.literal('../../../base')], z.enum(OVERLAY_PARTS)),
  labels: z.array(z.unknown()),
  images: z.array(imageSchema),
  configurations: z.tuple([z.literal('image-volumes.yaml')]).optional(),
  patches: z.tuple([z.strictObject({ path: z.literal('deployment.yaml') })]),
});

const podOf = <T extends z.ZodType>(container: T) =>
  z.looseObject({
    spec: z.looseObject({ template: z.looseObject({ spec: z.looseObject({ containers: z.tuple([container]) }) }) }),
  });

const patchSchema = podOf(
  z.looseObject({ name: z.literal(containerName), args: z.array(z.string()).optional(), image: z.never().optional() }),
);
const baseSchema = podOf(
  z.looseObject({ name: z.literal(containerName), image: z.enum([modelPlaceholder, runtimePlaceholder]) }),
);

const REMEDY = 'put back what Fieldproof wrote (git log this file), or remove the folder to begin with a first release';

function releaseOf(file: ManifestFile, files: ReadonlyMap<string, string>, model: string): DeployedRelease {
  const overlay = parseOurs(file.content, file.path, overlaySchema);
  const basePath = `${baseFolder(model)}/deployment.yaml`;
  const base = parseOurs(textOf(files, basePath), basePath, baseSchema);
  const patchPath = file.path.replace(/kustomization\.yaml$/, 'deployment.yaml');
  const patch = parseOurs(textOf(files, patchPath), patchPath, patchSchema);
  const pinned = pinOf(overlay, modelPlaceholder);
  const [container] = base.value.spec.template.spec.containers;
  if (container.image === modelPlaceholder) return { kind: 'container', model: pinned };
  if (overlay.value.configurations === undefined) {
    throw new CouldNotRun(problemAt(overlay.source, ['configurations'], 'without it the model volume is not pinned', REMEDY));
  }
  return { kind: 'model', model: pinned, runtime: pinOf(overlay, runtimePlaceholder), variant: variantOf(patch) };
}

/** As parseYaml; the remedy is another one, for no JSON Schema describes these files. */
function parseOurs<S extends z.ZodType>(text: string, file: string, schema: S): Parsed<z.output<S>> {
  try {
    return parseYaml(text, file, schema);
  } catch (thrown) {
    if (!(thrown instanceof CouldNotRun)) throw thrown;
    throw new CouldNotRun(
      thrown.problems.map((problem) => ({ ...problem, remedy: REMEDY })),
      { cause: thrown },
    );
  }
}

function textOf(files: ReadonlyMap<string, string>, path: string): string {
  const text = files.get(path);
  if (text === undefined)
    throw new CouldNotRun({ file: path, message: 'is not there, though an overlay needs it', remedy: REMEDY });
  return text;
}

function pinOf({ value, source }: Parsed<z.output<typeof overlaySchema>>, name: string): ImagePin {
  const matching = value.images.filter((image) => image.name === name);
  const [image] = matching;
  if (image === undefined || matching.length > 1) {
    const message = image === undefined ? `no image is pinned for ${name}` : `${name} is pinned twice`;
    throw new CouldNotRun(problemAt(source, ['images'], message, REMEDY));
  }
  return { image: image.newName, digest: image.digest };
}

function variantOf({ value, source }: Parsed<z.output<typeof patchSchema>>): string | null {
  const args = value.spec.template.spec.containers[0].args ?? [];
  const at = args.indexOf('--variant');
  if (at < 0) return null;
  const variant = args[at + 1];
  if (variant !== undefined && !variant.startsWith('-')) return variant;
  const path = ['spec', 'template', 'spec', 'containers', 0, 'args', at];
  throw new CouldNotRun(problemAt(source, path, '--variant names no variant', REMEDY));
}
