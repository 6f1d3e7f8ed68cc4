import type { WrittenGithub } from './written-github.ts';

/** How verdicts are published, with every default filled in. */
export type GithubConfig = {
  checkName: string;
  inconclusive: 'failure' | 'neutral';
  untouched: 'success' | 'neutral';
  pictures: PicturePolicy;
  /** The App that must publish; null where a token may. */
  appId: number | null;
  comment: boolean;
};

/** Where pictures go, and whether they are blurred as a whole before. */
export type PicturePolicy =
  | { kind: 'none' }
  | { kind: 'branch'; blur: boolean }
  | { kind: 'bucket'; blur: boolean; bucket: BucketConfig };

export type BucketConfig = { name: string; endpoint: string | null; region: string; prefix: string; publicUrl: string };

export function normaliseGithub(written: WrittenGithub): GithubConfig {
  return {
    checkName: written['check-name'],
    inconclusive: written.inconclusive,
    untouched: written.untouched,
    pictures: picturePolicy(written),
    appId: written['app-id'] ?? null,
    comment: written.comment,
  };
}

function picturePolicy({ pictures, blur }: WrittenGithub): PicturePolicy {
  if (pictures === 'none') return { kind: 'none' };
  if (pictures === 'branch') return { kind: 'branch', blur };
  const { name, endpoint, region, prefix, 'public-url': publicUrl } = pictures.bucket;
  return { kind: 'bucket', blur, bucket: { name, endpoint: endpoint ?? null, region, prefix, publicUrl } };
}
