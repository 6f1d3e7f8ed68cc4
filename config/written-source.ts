import { z } from 'zod';
import { pathInRepository } from './written-path.ts';

/** Where the data of a dataset lie, as a person writes it, when that is not the folder that its manifest names. */
const address = z
  .url({ protocol: /^https?$/ })
  .refine((url) => URL.canParse(url) && isPlain(new URL(url)), 'expected no name, password, ? or # in it')
  .transform((url) => (url.endsWith('/') ? url : `${url}/`));

function isPlain({ username, password, search, hash }: URL): boolean {
  return username + password + search + hash === '';
}

const prefix = z
  .string()
  .regex(/^(?:[\w!.*'() -]+\/)*[\w!.*'() -]*$/, 'expected a prefix of names with slashes between them, such as bench/')
  .transform((written) => (written === '' || written.endsWith('/') ? written : `${written}/`));

const bucket = z.strictObject({
  bucket: z.string().regex(/^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/, 'expected the name of a bucket'),
  prefix: prefix.default('').describe('What comes before the path of each file'),
  endpoint: z.url().optional().describe('Of an S3-compatible server. Default: AWS_ENDPOINT_URL_S3, else Amazon'),
  region: z.string().min(1).optional().describe('Default: AWS_REGION, else us-east-1'),
});

const dvc = z.strictObject({
  url: address.describe('Of the remote, which answers over HTTP to anybody'),
  file: pathInRepository.describe('The .dvc file of the data, below the repository root'),
});

const huggingFace = z.strictObject({
  dataset: z.string().regex(/^[\w-][\w.-]*\/[\w-][\w.-]*$/, 'expected owner/name'),
  revision: z
    .string()
    .regex(/^[\w-][\w./-]*$/, 'expected a commit, tag or branch')
    .describe('Best a commit: it stays what it is'),
  folder: prefix.default('').describe('Of the data in that repository'),
  endpoint: address.default('https://huggingface.co/'),
});

export const writtenSourceSchema = z.union([
  z.strictObject({ s3: bucket }).describe('Objects of a bucket, by their path'),
  z
    .strictObject({
      oci: z
        .string()
        .regex(
          /^[a-z0-9.-]+(?::\d+)?(?:\/[a-z0-9._-]+)+$/,
          'expected the name of an artifact without tag or digest, such as registry.example/acme/bench',
        ),
    })
    .describe('Blobs of an artifact in a registry, one a file, by their digest'),
  z.strictObject({ lfs: z.literal(true) }).describe('Files of the commit, Git LFS included'),
  z.strictObject({ http: address }).describe('Files below an address that anybody may read'),
  z.strictObject({ dvc }).describe('What DVC tracks, in a remote that anybody may read'),
  z.strictObject({ 'hugging-face': huggingFace }).describe('A dataset repository that anybody may read'),
]);

export type WrittenSource = z.output<typeof writtenSourceSchema>;
