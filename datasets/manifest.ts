import { z } from 'zod';
import { duration, parseYaml, type Parsed } from '#kernel';
import { clipSchema } from './clip-list.ts';
import { boxesSchema, pairsSchema, searchSchema } from './truth-schemas.ts';

const path = z.string().min(1);
const name = z.string().regex(/^[A-Za-z][\w-]*$/, 'expected a name: letters, digits, - and _, a letter first');

const classes = z
  .union([
    z.array(z.string().min(1)).min(1),
    path,
    z.record(z.string().min(1), z.array(z.string().min(1))).refine((map) => Object.keys(map).length > 0, 'names no class'),
  ])
  .describe(
    'Class names; or a file with one name per line; or each class with the other names that it has in the truth or in a model ' +
      '(`vehicle: [car, truck]`). A model that says its labels is matched by name, and one that does not by this order.',
  );

const common = {
  version: z.literal(1).describe('Version of this format.'),
  root: path.describe('Folder of the data, relative to this file; may lie outside the repository.'),
  pins: path.describe('File beside this one with the sha256 of every data file, as sha256sum writes it.'),
};
const classified = { ...common, task: z.literal('classification').describe('What the model is asked.'), classes };

const samplesSchema = z.union([
  z.strictObject({ folders: z.literal(true).describe('Images lie in root/<class name>/.') }),
  z.strictObject({
    csv: path.describe('Columns `file`, and `class` or `class_index`; every other column is a slice.'),
    folder: path.optional().describe('Folder below the root that `file` is relative to.'),
  }),
]);

const share = z.number().min(0).max(1);

const ruleSchema = z.strictObject({
  'frames-per-second': z.number().positive().max(240).describe('Frames looked at per second of footage.'),
  persistence: z.int().min(1).describe('So many looked-at frames in a row at or above the threshold open an event.'),
  'merge-gap': duration.describe('Events of one label no further apart than this are one.'),
  tolerance: duration.describe('True events are widened by this much before they are matched.'),
  'minimum-area': share
    .optional()
    .describe('Of a detector: boxes of less than this share of the frame are not looked at, such as 0.005.'),
  zones: z
    .record(z.string().min(1), z.array(z.array(z.tuple([share, share])).min(3)).min(1))
    .optional()
    .describe(
      'Of a detector, by site: polygons of [x, y] as shares of width and height. Only boxes whose lower edge has its middle in one are looked at; all, at a site that is not named.',
    ),
});

const research = { ...common, kind: z.literal('research') };

const classificationManifestSchema = z.strictObject({ ...classified, kind: z.literal('research'), samples: samplesSchema });

const detectionManifestSchema = z.strictObject({
  ...research,
  task: z.literal('detection').describe('What the model is asked: what lies where.'),
  classes: classes.optional().describe('As of classification. Default: those of the truth, in its order.'),
  truth: boxesSchema.describe('Where the boxes are.'),
  'leave-out': z
    .union([z.literal('others'), z.array(z.string().min(1)).min(1)])
    .optional()
    .describe('Classes of the truth that are not asked about: their names, or `others` for all that `classes` does not name.'),
  cluster: z
    .enum(['picture', 'folder'])
    .optional()
    .describe(
      'What is resampled together by the statistics: pictures of one folder may share a camera. Default: picture; folder for MOT.',
    ),
});

const verificationManifestSchema = z.strictObject({
  ...research,
  task: z.literal('verification').describe('What the model is asked: whether two pictures show the same one.'),
  truth: pairsSchema.describe('Where the pairs are.'),
});

const searchManifestSchema = z.strictObject({
  ...research,
  task: z.literal('search').describe('What the model is asked: which pictures of the gallery show what the query shows.'),
  truth: searchSchema.describe('Where the queries and the gallery are.'),
  camera: z
    .union([z.literal('in-name'), z.strictObject({ column: z.string().min(1) })])
    .optional()
    .describe(
      'Where the camera of each picture is told: in its name, as Market-1501 has it (0002_c1s1_000451_03.jpg), or in a column. Pictures of the query’s identity and camera are then passed over.',
    ),
});

const replayManifestSchema = z.strictObject({
  ...classified,
  kind: z.literal('replay'),
  clips: z.union([path, z.array(clipSchema)]).describe('A file with one clip per line as JSON, or the clips themselves.'),
  labels: z
    .record(name, z.array(z.union([z.string().min(1), z.int().nonnegative()])).min(1))
    .describe('Event label -> class names or indices, whose scores are added.'),
  rule: ruleSchema.describe('How scores become events; the threshold is the model’s own.'),
  cluster: z.enum(['clip', 'site']).default('clip').describe('What is resampled together by the statistics.'),
});

/** A dataset's manifest as it is written. */
export const datasetManifestSchema = z.discriminatedUnion('kind', [
  z.discriminatedUnion('task', [
    classificationManifestSchema,
    detectionManifestSchema,
    verificationManifestSchema,
    searchManifestSchema,
  ]),
  replayManifestSchema,
]);

export type ClassificationManifest = z.output<typeof classificationManifestSchema>;
export type DetectionManifest = z.output<typeof detectionManifestSchema>;
export type VerificationManifest = z.output<typeof verificationManifestSchema>;
export type SearchManifest = z.output<typeof searchManifestSchema>;
export type ReplayManifest = z.output<typeof replayManifestSchema>;
export type DatasetManifest = z.output<typeof datasetManifestSchema>;

/** @throws CouldNotRun with every problem at once */
export function parseManifest(text: string, file: string): Parsed<DatasetManifest> {
  return parseYaml(text, file, datasetManifestSchema);
}
