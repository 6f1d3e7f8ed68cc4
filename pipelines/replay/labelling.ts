import { stringify } from 'yaml';
import { z } from 'zod';
import { digestSchema, parseYaml, type Digest } from '#kernel';
import { eventsSchema } from '#datasets';

const event = { label: z.string(), start: z.number(), end: z.number() };

const clip = z.strictObject({
  file: z.string().min(1),
  pin: digestSchema.describe('The bytes that arrived under this name.'),
  site: z.string().min(1),
  conditions: z.record(z.string(), z.string()).default({}),
  why: z.enum(['random sample', 'unsure', 'disagrees with the candidate']).describe('Why this clip was chosen.'),
  probability: z.number().nullable().describe('Of having been drawn, for the random sample; null for clips that were picked.'),
  differs: z
    .number()
    .optional()
    .describe('Seconds: the frame on which the deployed model and the candidate differ most, by their boxes.'),
  picture: z.string().optional().describe('Where a thumbnail of it is, if pictures are stored.'),
  suggested: z
    .array(z.strictObject(event))
    .optional()
    .describe('What the deployed model saw; never given for the random sample.'),
  events: z
    .union([z.null(), z.literal('unusable'), eventsSchema])
    .describe('For a person to fill in: a list of { label, start, end } in seconds, [] where nothing happens, or unusable.'),
});

/** A labelling file: the clips of one night that a person is asked about. */
export const labellingSchema = z.strictObject({
  version: z.literal(1),
  model: z.string().min(1),
  night: z.string().min(1),
  record: digestSchema.describe('The ledger’s record of the night.'),
  clips: z.array(clip),
});

export type Labelling = z.output<typeof labellingSchema>;
export type LabelledRow = Labelling['clips'][number];

const HEADER = `# What happens in these clips? For each, replace \`events: null\` by what you see, in seconds from its start:
#   events: [{ label: person, start: 3.2, end: 6.8 }]     events: []  (nothing happens)     events: unusable  (cannot be told)
# Look at a clip of the random sample before anything that says what a model saw: they measure the model.
`;

export function writeLabelling(labelling: Labelling): string {
  return HEADER + stringify(labelling, { lineWidth: 0, aliasDuplicateObjects: false });
}

/** @throws CouldNotRun with the line of each problem */
export function readLabelling(text: string, file: string): Labelling {
  return parseYaml(text, file, labellingSchema).value;
}

/** Where the labelling file of a night goes. The record keeps two arrivals of one night apart. */
export function labellingPaths(
  folder: string,
  { night, record }: { night: string; record: Digest },
): { name: string; file: string } {
  const name = `${night}-${record.slice('sha256:'.length, 'sha256:'.length + 8)}`;
  return { name, file: `${folder}/${name}.yaml` };
}
