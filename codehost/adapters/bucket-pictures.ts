import type { BucketConfig } from '#config';
import type { PictureStore } from '../picture-store.ts';
import { bucketFiles, type BucketCredentials } from './bucket-files.ts';

/** Pictures in an S3-compatible bucket. */
export function bucketPictures(config: BucketConfig, credentials: BucketCredentials): PictureStore {
  const put = bucketFiles(config, credentials, 'github.pictures.bucket');
  return {
    put: async (pictures) => await put(pictures.map((content) => ({ content, type: 'image/jpeg', suffix: '.jpg' }))),
  };
}
