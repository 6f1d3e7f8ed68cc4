import { z } from 'zod';
import { fraction } from '#kernel';

const name = z
  .string()
  .regex(/^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/, 'expected a name of lower-case letters, digits and dashes');
const folder = z
  .string()
  .min(1)
  .refine((value) => !value.startsWith('/') && !value.split('/').includes('..'), 'expected a folder inside the repository');
const count = z.int().nonnegative().max(10_000);
/** Above 0 and below 1. */
const share = fraction.refine((value) => value > 0 && value < 1, 'expected more than 0% and less than 100%');

const site = z.union([
  name,
  z.strictObject({
    name: z.string().min(1),
    'served-by': name.describe('The site of `deploy` whose release its footage runs through, where that is another'),
  }),
]);

const sampling = z
  .strictObject({
    'labelled-per-site-per-night': count
      .default(0)
      .describe('Clips drawn at random for a person to label; 0: recall is not followed'),
    seed: z.int().nonnegative().optional().describe("Default: the configuration's"),
  })
  .default({ 'labelled-per-site-per-night': 0 });

const alarms = z
  .strictObject({
    'false-alarm-rate': share
      .default(0.05)
      .describe('Chance that anything is ever raised, at any site, while nothing has changed since the release was deployed'),
    'reference-nights': z.int().min(2).max(365).default(14).describe('Nights that are only gathered before shift is tested'),
    'quiet-nights': z.int().min(1).max(365).default(3).describe('Nights in a row within the reference that end a shift'),
    recall: z
      .strictObject({
        expected: share.describe('The recall of events that the model has at its sites'),
        'tolerated-loss': fraction.default(0).describe('What a site may have less, in points of recall'),
      })
      .optional(),
  })
  .default({ 'false-alarm-rate': 0.05, 'reference-nights': 14, 'quiet-nights': 3 });

const harvest = z.strictObject({
  folder: folder.describe('Where labelling files go, one for each night, below the repository root'),
  dataset: z.string().min(1).optional().describe('The dataset that labelled hard clips are added to; none that a gate names'),
  'per-site': count.default(4).describe('Hard clips of one site in one night, at most'),
  'per-class': count.default(8).describe('Hard clips of one class in one night, at most'),
  'unsure-within': fraction.default(0.1).describe('How near the threshold a score must be for a clip to count as unsure'),
  labels: z.array(z.string().min(1)).default(['fieldproof', 'labelling']).describe('Of the pull request'),
});

export const writtenReplaySchema = z.strictObject({
  source: z.string().min(1).describe('A folder, relative to the repository, or s3://bucket/prefix: where clips arrive'),
  endpoint: z.url().optional().describe('Of an S3-compatible server. Default: AWS_ENDPOINT_URL_S3, else Amazon'),
  region: z.string().min(1).optional().describe('Default: AWS_REGION, else us-east-1'),
  dataset: z.string().min(1).describe('The replay dataset whose classes, labels and event rule apply'),
  sites: z.array(site).min(1),
  sampling,
  alarms,
  harvest: harvest.optional(),
  shadow: count
    .default(2)
    .describe('The last so many rejected releases are shown the labelled samples too, where models run in a sandbox; 0: none'),
  issues: z.strictObject({ labels: z.array(z.string().min(1)).default(['fieldproof']) }).default({ labels: ['fieldproof'] }),
});

export type WrittenReplay = z.output<typeof writtenReplaySchema>;
