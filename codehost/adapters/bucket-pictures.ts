import { createHash } from 'node:crypto';
import { HeadObjectCommand, PutObjectCommand, S3Client, S3ServiceException } from '@aws-sdk/client-s3';
import { CouldNotRun, reasonOf } from '#kernel';
import type { BucketConfig } from '#config';
import type { PictureStore } from '../picture-store.ts';

export type BucketCredentials = { accessKeyId: string; secretAccessKey: string; sessionToken?: string };

/** Pictures in an S3-compatible bucket that a browser can read, each under its content's name. */
export function bucketPictures(config: BucketConfig, credentials: BucketCredentials): PictureStore {
  const { name, endpoint, region, prefix, publicUrl } = config;
  // Servers other than AWS serve buckets as paths, and not all of them know the newer checksums.
  const s3 = new S3Client({
    region,
    credentials,
    requestChecksumCalculation: 'WHEN_REQUIRED',
    ...(endpoint === null ? {} : { endpoint, forcePathStyle: true }),
  });
  const put = async (jpeg: Uint8Array): Promise<string> => {
    const Key = `${prefix}/${createHash('sha256').update(jpeg).digest('hex')}.jpg`;
    if (!(await isThere(s3, name, Key))) {
      await s3.send(new PutObjectCommand({ Bucket: name, Key, Body: jpeg, ContentType: 'image/jpeg' }));
    }
    return `${publicUrl.replace(/\/+$/, '')}/${Key}`;
  };
  return {
    put: async (pictures) => {
      try {
        const urls = [];
        for (const jpeg of pictures) urls.push(await put(jpeg));
        return urls;
      } catch (cause) {
        const remedy = 'check name, endpoint and region under github.pictures.bucket, and that the credentials may write to it';
        throw new CouldNotRun({ file: name, message: `takes no pictures: ${reasonOf(cause)}`, remedy }, { cause });
      }
    },
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
