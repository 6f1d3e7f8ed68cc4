import { createHash } from 'node:crypto';
import { HeadObjectCommand, PutObjectCommand, S3Client, S3ServiceException } from '@aws-sdk/client-s3';
import { CouldNotRun, reasonOf } from '#kernel';
import type { BucketConfig } from '#config';

export type BucketCredentials = { accessKeyId: string; secretAccessKey: string; sessionToken?: string };

export type BucketFile = { content: Uint8Array; type: 'image/jpeg' | 'text/html; charset=utf-8'; suffix: '.jpg' | '.html' };

/**
 * Files in an S3-compatible bucket that a browser can read, each under its content's name.
 * @param section of fieldproof.yaml that names the bucket, for whoever has to mend it
 * @returns stores files and gives the URL of each
 */
export function bucketFiles(
  { name, endpoint, region, prefix, publicUrl }: BucketConfig,
  credentials: BucketCredentials,
  section: string,
): (files: readonly BucketFile[]) => Promise<string[]> {
  // Servers other than AWS serve buckets as paths, and not all of them know the newer checksums.
  const s3 = new S3Client({
    region,
    credentials,
    requestChecksumCalculation: 'WHEN_REQUIRED',
    ...(endpoint === null ? {} : { endpoint, forcePathStyle: true }),
  });
  const put = async ({ content, type, suffix }: BucketFile): Promise<string> => {
    const Key = `${prefix}/${createHash('sha256').update(content).digest('hex')}${suffix}`;
    if (!(await isThere(s3, name, Key))) {
      await s3.send(new PutObjectCommand({ Bucket: name, Key, Body: content, ContentType: type }));
    }
    return `${publicUrl.replace(/\/+$/, '')}/${Key}`;
  };
  return async (files) => {
    try {
      const urls = [];
      for (const file of files) urls.push(await put(file));
      return urls;
    } catch (cause) {
      const remedy = `check name, endpoint and region under ${section}, and that the credentials may write to it`;
      throw new CouldNotRun({ file: name, message: `takes no files: ${reasonOf(cause)}`, remedy }, { cause });
    }
  };
}

async function isThere(s3: S3Client, Bucket: string, Key: string): Promise<boolean> {
  try {
    await s3.send(new HeadObjectCommand({ Bucket, Key }));
    return true;
  } catch (thrown) {
    // Who may write but not list is told 403 of what is not there.
    const status = thrown instanceof S3ServiceException ? thrown.$metadata.httpStatusCode : undefined;
    if (status === 404 || status === 403) return false;
    throw thrown;
  }
}
