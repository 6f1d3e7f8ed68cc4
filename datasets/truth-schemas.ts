import { z } from 'zod';

const path = z.string().min(1);
const pictures = path.optional().describe('Folder below the root that the pictures are in. Default: the root itself.');

/** Where the boxes of a detection dataset are, by the format they are in. Files are beside the manifest or below the root, folders below the root. */
export const boxesSchema = z.union([
  z.strictObject({ coco: path.describe('A JSON of COCO’s instances.'), pictures }),
  z.strictObject({
    voc: path.describe('Folder of Pascal VOC’s XML, one for each picture.'),
    pictures,
    set: path.optional().describe('A text that names the pictures of a split, one a line, without their endings.'),
    'first-pixel': z
      .union([z.literal(0), z.literal(1)])
      .default(0)
      .describe('1: pixels count from one and the last is inside the box, as in the challenge itself. 0: as tools export them.'),
  }),
  z.strictObject({
    yolo: path.describe('A data.yaml of Ultralytics’. Its pictures and labels are below the root.'),
    split: path.default('val').describe('Which of its splits: val unless said.'),
  }),
  z.strictObject({
    'open-images': path.describe('A CSV of boxes as of Open Images.'),
    names: path.optional().describe('Its class-descriptions-boxable.csv.'),
    pictures,
  }),
  z.strictObject({ cvat: path.describe('An XML, “CVAT for images 1.1”.'), pictures }),
  z.strictObject({ 'label-studio': path.describe('A JSON or JSON-MIN of Label Studio’s.'), pictures }),
  z.strictObject({ mot: z.array(path).min(1).describe('Folders of MOT sequences, each with seqinfo.ini and gt/gt.txt.') }),
]);

/** Where the pairs of a verification dataset are. */
export const pairsSchema = z.union([
  z.strictObject({ lfw: path.describe('LFW’s pairs.txt.'), pictures }),
  z.strictObject({ pairs: path.describe('A CSV of `file_a`, `file_b`, `same`, and perhaps `fold`.'), pictures }),
  z.strictObject({
    identities: path.describe('Folder of <identity>/<picture>, from which pairs are drawn; `.` for the root itself.'),
    pairs: z.int().min(2).max(1_000_000).describe('How many are drawn, half of them of one identity.'),
    folds: z.int().min(1).max(100).default(10).describe('Parts that share no identity: 10 unless said.'),
    seed: z.int().nonnegative().default(1).describe('The same seed draws the same pairs.'),
  }),
]);

/** Where the queries and the gallery of a search are. */
export const searchSchema = z.union([
  z.strictObject({
    search: path.describe('A CSV of `file`, `identity`, `role` (query or gallery); every other column is a slice.'),
    pictures,
  }),
  z.strictObject({
    queries: path.describe('Folder of <identity>/<picture>, each to be looked for.'),
    gallery: path.describe('Folder of <identity>/<picture>, to be looked among.'),
  }),
]);

export type BoxesSource = z.output<typeof boxesSchema>;
export type PairsSource = z.output<typeof pairsSchema>;
export type SearchSource = z.output<typeof searchSchema>;

/** The texts of a truth that are one file each: beside the manifest, unless they are pinned. */
export function textsOfTruth(truth: BoxesSource | PairsSource | SearchSource): readonly string[] {
  if ('coco' in truth) return [truth.coco];
  if ('voc' in truth) return truth.set === undefined ? [] : [truth.set];
  if ('yolo' in truth) return [truth.yolo];
  if ('open-images' in truth) return [truth['open-images'], ...(truth.names === undefined ? [] : [truth.names])];
  if ('cvat' in truth) return [truth.cvat];
  if ('label-studio' in truth) return [truth['label-studio']];
  if ('lfw' in truth) return [truth.lfw];
  if ('search' in truth) return [truth.search];
  return 'pairs' in truth && typeof truth.pairs === 'string' ? [truth.pairs] : [];
}
