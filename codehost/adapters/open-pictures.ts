import type { PicturePolicy } from '#config';
import type { PictureStore } from '../picture-store.ts';
import { bucketCredentials, githubPlace } from '../publish/github-environment.ts';
import { blurredPictures } from './blurred-pictures.ts';
import { bucketPictures } from './bucket-pictures.ts';
import { openGithubPictures } from './github-code-host.ts';

/** The store that policy names; null where there is no repository for a branch of it. */
export async function openPictures(
  environment: Readonly<Record<string, string | undefined>>,
  { pictures, appId }: { pictures: Exclude<PicturePolicy, { kind: 'none' }>; appId: number | null },
): Promise<PictureStore | null> {
  const kept = (store: PictureStore) => (pictures.blur ? blurredPictures(store) : store);
  if (pictures.kind === 'bucket') return kept(bucketPictures(pictures.bucket, bucketCredentials(environment)));
  const place = githubPlace(environment, appId);
  return place === null ? null : kept(await openGithubPictures({ ...place, environment }));
}
