import { parseAllDocuments } from 'yaml';
import { z } from 'zod';
import { digestSchema } from '#kernel';
import { clipPlaceholder, clusterFile, overlayFolder, replayFolder } from './names.ts';
import type { ImagePin } from './release.ts';
import { replayObject } from './rollout/places.ts';

type Place = { model: string; site: string; chipset: string };

const overlaySchema = z.looseObject({ resources: z.array(z.string()) });
const replaySchema = z.looseObject({
  images: z.array(z.looseObject({ name: z.string(), newName: z.string(), digest: digestSchema })),
});
const namedSchema = z.looseObject({ metadata: z.looseObject({ name: z.string(), namespace: z.string().optional() }) });

/**
 * The clip that is shown to the model of an overlay where it runs; undefined where none is. A folder alone shows nothing: Argo
 * CD's overlay names it, Flux has a Kustomization for it. What people have made of these files is theirs: then none is ours.
 */
export function clipAt(place: Place, files: ReadonlyMap<string, string>): ImagePin | undefined {
  const { model, site, chipset } = place;
  const [pins] = read(files.get(`${replayFolder(model, site, chipset)}/kustomization.yaml`), replaySchema);
  const clip = pins?.images.find(({ name }) => name === clipPlaceholder);
  if (clip === undefined) return undefined;
  const [overlay] = read(files.get(`${overlayFolder(model, site, chipset)}/kustomization.yaml`), overlaySchema);
  const own = replayObject('flux', place);
  const applied = read(files.get(clusterFile(model, site)), namedSchema).some(
    ({ metadata }) => metadata.name === own.name && metadata.namespace === own.namespace,
  );
  return applied || overlay?.resources.includes('replay') === true ? { image: clip.newName, digest: clip.digest } : undefined;
}

/** The documents of a file that are as the schema has them. */
function read<S extends z.ZodType>(content: string | undefined, schema: S): z.output<S>[] {
  const documents = content === undefined ? [] : parseAllDocuments(content).map((document) => document.toJS() as unknown);
  return documents.flatMap((document) => {
    const parsed = schema.safeParse(document);
    return parsed.success ? [parsed.data] : [];
  });
}
