import type { WrittenBucket, WrittenGithub } from './written-github.ts';

/** How verdicts are published, with every default filled in. */
export type GithubConfig = {
  checkName: string;
  inconclusive: 'failure' | 'neutral';
  untouched: 'success' | 'neutral';
  pictures: PicturePolicy;
  report: ReportPolicy;
  /** The App that must publish; null where a token may. */
  appId: number | null;
  comment: boolean;
  /** Where the dashboard is published; null where it is not. */
  dashboard: string | null;
};

/** Where pictures go, and whether they are blurred as a whole before. */
export type PicturePolicy =
  | { kind: 'none' }
  | { kind: 'branch'; blur: boolean }
  | { kind: 'bucket'; blur: boolean; bucket: BucketConfig };

/** Where a verdict links the full report. */
export type ReportPolicy = { kind: 'artifact' } | { kind: 'none' } | { kind: 'bucket'; bucket: BucketConfig };

export type BucketConfig = { name: string; endpoint: string | null; region: string; prefix: string; publicUrl: string };

export function normaliseGithub(written: WrittenGithub): GithubConfig {
  return {
    checkName: written['check-name'],
    inconclusive: written.inconclusive,
    untouched: written.untouched,
    pictures: picturePolicy(written),
    report: reportPolicy(written),
    appId: written['app-id'] ?? null,
    comment: written.comment,
    dashboard: written.dashboard ?? null,
  };
}

function picturePolicy({ pictures, blur }: WrittenGithub): PicturePolicy {
  if (pictures === 'none') return { kind: 'none' };
  if (pictures === 'branch') return { kind: 'branch', blur };
  return { kind: 'bucket', blur, bucket: bucketOf(pictures.bucket) };
}

function reportPolicy({ report }: WrittenGithub): ReportPolicy {
  return typeof report === 'string' ? { kind: report } : { kind: 'bucket', bucket: bucketOf(report.bucket) };
}

function bucketOf({ endpoint, 'public-url': publicUrl, ...rest }: WrittenBucket): BucketConfig {
  return { ...rest, endpoint: endpoint ?? null, publicUrl };
}
