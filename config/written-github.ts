import { z } from 'zod';

/** The section `github` of `fieldproof.yaml`: how a verdict is published. Policy, so read from the base. */
const bucket = z.strictObject({
  name: z.string().min(3),
  endpoint: z.url().optional().describe('Of an S3-compatible store. Default: AWS'),
  region: z.string().min(1).default('us-east-1'),
  prefix: z
    .string()
    .regex(/^[A-Za-z0-9._-]+(?:\/[A-Za-z0-9._-]+)*$/, 'expected names with slashes between them, such as fieldproof/pictures')
    .default('fieldproof'),
  'public-url': z.url().describe('Under which a browser finds the bucket, so that <public-url>/<key> is what was stored'),
});

const pictures = z.union([
  z.literal('none').describe('Pictures are in the report alone'),
  z.literal('branch').describe('Committed to the branch fieldproof/pictures of this repository, visible to all who can read it'),
  z.strictObject({ bucket }),
]);

const report = z.union([
  z.literal('artifact').describe('The artifact fieldproof-report of the run, which the workflows upload'),
  z.literal('none').describe('No link to it'),
  z.strictObject({ bucket }),
]);

export const writtenGithubSchema = z.strictObject({
  'check-name': z
    .string()
    .regex(/^[^\p{C}]{1,100}$/u, 'expected up to 100 printable characters')
    .default('Fieldproof')
    .describe('What a ruleset requires. Give it to no other check'),
  inconclusive: z
    .enum(['failure', 'neutral'])
    .default('failure')
    .describe('How an undecided verdict concludes the check. GitHub counts neutral as satisfied'),
  untouched: z
    .enum(['success', 'neutral'])
    .default('success')
    .describe('How a change that touches nothing that is judged concludes the check'),
  pictures: pictures.default('none').describe('Where pictures of what got worse may be stored'),
  blur: z
    .boolean()
    .default(false)
    .describe('Blurs each stored picture as a whole, so that no face or number plate can be made out. It looks for none'),
  report: report
    .default('artifact')
    .describe('Where the verdict links the full report. In a bucket it is without pictures, for whoever has the address'),
  dashboard: z
    .url({ protocol: /^https?$/ })
    .optional()
    .describe('Where the dashboard is published, such as https://acme.github.io/porch/. A verdict then links its page there'),
  'app-id': z
    .int()
    .positive()
    .optional()
    .describe('The GitHub App that publishes. With it set, nothing is published in the name of a workflow token'),
  comment: z.boolean().default(true).describe('Whether the verdict is also a comment on the pull request'),
});

export type WrittenBucket = z.output<typeof bucket>;
export type WrittenGithub = z.output<typeof writtenGithubSchema>;
