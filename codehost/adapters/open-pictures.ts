import type { PicturePolicy } from '#config';
import type { PictureStore } from '../picture-store.ts';
import { bucketCredentials, githubPlace } from '../publish/github-environment.ts';
import { openGithubPictures } from './github-code-host.ts';

/** The store that policy names; null where there is no repository for a branch of it. What decodes pictures is loaded where it is used. */
export async function openPictures(
  environment: Readonly<Record<string, string | undefined>>,
  { pictures, appId }: { pictures: Exclude<PicturePolicy, { kind: 'none' }>; appId: number | null },
): Promise<PictureStore | null> {
  const store = await openStore(environment, { pictures, appId });
  if (store === null || !pictures.blur) return store;
  const { blurredPictures } = await import('./blurred-pictures.ts');
  return blurredPictures(store);
}

async function openStore(
  environment: Readonly<Record<string, string | undefined>>,
  { pictures, appId }: { pictures: Exclude<PicturePolicy, { kind: 'none' }>; appId: number | null },
): Promise<PictureStore | null> {
  if (pictures.kind === 'bucket') {
    const { bucketPictures } = await import('./bucket-pictures.ts');
    return bucketPictures(pictures.bucket, bucketCredentials(environment));
  }
  const place = githubPlace(environment, appId);
  return place === null ? null : await openGithubPictures({ ...place, environment });
}
