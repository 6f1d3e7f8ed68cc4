import type { Footage } from '../footage.ts';
import type { S3Place } from './s3-footage.ts';

/** Loaded where it is used: the client is large, and most footage is in folders. See `s3Footage`. */
export async function openS3Footage(place: S3Place): Promise<Footage> {
  const { s3Footage } = await import('./s3-footage.ts');
  return s3Footage(place);
}
