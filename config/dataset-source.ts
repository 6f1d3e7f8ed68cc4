import type { WrittenConfig } from './written-config.ts';
import type { WrittenSource } from './written-source.ts';

/** Where the files of a dataset lie. Prefixes and addresses end with a slash, or are empty. */
export type DatasetSource =
  | { kind: 'bucket'; bucket: string; prefix: string; endpoint: string | null; region: string | null }
  | { kind: 'registry'; image: string }
  /** In the commit itself, where Git LFS may stand in for the bytes. */
  | { kind: 'commit' }
  | { kind: 'http'; url: string }
  /** `file`: of the repository. */
  | { kind: 'dvc'; url: string; file: string };

/** Those whose files have to be fetched before they are read. */
export type FetchedSource = Exclude<DatasetSource, { kind: 'commit' }>;

/**
 * `source`: null where the data lie as the manifest says. `badSamples`: the share of what cannot be decoded that is left out at most;
 * absent where it stops the check.
 */
export type DatasetConfig = { manifest: string; source: DatasetSource | null; badSamples?: { atMost: number } };

export function normaliseDataset(written: WrittenConfig['datasets'][string]): DatasetConfig {
  const { manifest, source, 'bad-samples': bad } = written;
  const dataset = { manifest, source: normaliseSource(source) };
  return bad === 'stop' ? dataset : { ...dataset, badSamples: { atMost: bad['leave-out'] } };
}

function normaliseSource(written: WrittenSource | undefined): DatasetSource | null {
  if (written === undefined) return null;
  if ('s3' in written) {
    const { bucket, prefix, endpoint, region } = written.s3;
    return { kind: 'bucket', bucket, prefix, endpoint: endpoint ?? null, region: region ?? null };
  }
  if ('oci' in written) return { kind: 'registry', image: written.oci };
  if ('lfs' in written) return { kind: 'commit' };
  if ('http' in written) return { kind: 'http', url: written.http };
  if ('dvc' in written) return { kind: 'dvc', ...written.dvc };
  const { endpoint, dataset, revision, folder } = written['hugging-face'];
  return { kind: 'http', url: `${endpoint}datasets/${dataset}/resolve/${encodeURIComponent(revision)}/${folder}` };
}

/** How messages name the place, before the path of a file. */
export function placeOf(source: FetchedSource): string {
  switch (source.kind) {
    case 'bucket':
      return `s3://${source.bucket}/${source.prefix}`;
    case 'registry':
      return `${source.image}/`;
    case 'http':
    case 'dvc':
      return source.url;
  }
}
