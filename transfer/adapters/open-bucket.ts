import { CouldNotRun } from '#kernel';
import { named, refused, unreachable } from '../faults.ts';
import type { Opener, Wanted } from '../wanted.ts';

export type BucketPlace = {
  bucket: string;
  /** Empty, or with a slash at its end. */
  prefix: string;
  /** For servers that are not Amazon's; addressed by path, as they all can be. */
  endpoint: string | null;
  region: string;
};

const CREDENTIALS = 'credentials that may read it (AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY)';

/**
 * Asks an S3-compatible server for files. Credentials are the AWS chain's: environment, profile, or the machine's role. The client is
 * loaded here, for it is large, and most data are elsewhere.
 * @param pathOf below the prefix
 */
export async function openBucket(place: BucketPlace, pathOf: (wanted: Wanted) => string): Promise<Opener> {
  const { GetObjectCommand, S3Client } = await import('@aws-sdk/client-s3');
  const { bucket, prefix, endpoint, region } = place;
  const client = new S3Client({ ...(endpoint !== null && { endpoint, forcePathStyle: true }), region });
  return async (wanted, from) => {
    const Key = prefix + pathOf(wanted);
    const name = `s3://${bucket}/${Key}`;
    const range = from > 0 ? { Range: `bytes=${from}-` } : {};
    try {
      const { Body, ContentRange } = await client.send(new GetObjectCommand({ Bucket: bucket, Key, ...range }));
      const body = (Body ?? nothing()) as AsyncIterable<Uint8Array>;
      return { body: named(body, wanted, name), from: ContentRange === undefined ? 0 : from };
    } catch (cause) {
      if (statusOf(cause) === 416) return { body: nothing(), from };
      throw faultOf(wanted, name, place, cause);
    }
  };
}

async function* nothing(): AsyncGenerator<Uint8Array> {}

function faultOf(wanted: Wanted, name: string, { bucket, endpoint }: BucketPlace, cause: unknown): CouldNotRun {
  const [status, kind] = [statusOf(cause), cause instanceof Error ? cause.name : ''];
  if (kind === 'CredentialsProviderError') {
    const remedy = `give this job ${CREDENTIALS}`;
    return new CouldNotRun({ ...wanted.at, message: `${name} cannot be asked for: there are no credentials here`, remedy });
  }
  if (kind === 'NoSuchBucket') {
    const remedy = "correct the dataset's source in fieldproof.yaml";
    return new CouldNotRun({ ...wanted.at, message: `the bucket ${bucket} is not there`, remedy });
  }
  if (status === undefined) return unreachable(wanted, endpoint === null ? name : `${name} at ${endpoint}`, cause);
  // Who may not list a bucket is told the same of what is not there.
  return refused(wanted, name, status, `${CREDENTIALS}, if the object is there`);
}

function statusOf(thrown: unknown): number | undefined {
  const metadata = thrown instanceof Error && '$metadata' in thrown ? thrown.$metadata : undefined;
  return (metadata as { httpStatusCode?: number } | undefined)?.httpStatusCode;
}
