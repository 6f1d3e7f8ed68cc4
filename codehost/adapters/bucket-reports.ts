import type { BucketConfig } from '#config';
import { bucketCredentials } from '../publish/github-environment.ts';
import type { ReportStore } from '../report-store.ts';

/** Full reports in an S3-compatible bucket, which serves each as a page. Its client is loaded for who has one. */
export async function openReports(
  environment: Readonly<Record<string, string | undefined>>,
  config: BucketConfig,
): Promise<ReportStore> {
  const { bucketFiles } = await import('./bucket-files.ts');
  const put = bucketFiles(config, bucketCredentials(environment), 'github.report.bucket');
  return {
    put: async (page) => {
      const [url = ''] = await put([{ content: Buffer.from(page), type: 'text/html; charset=utf-8', suffix: '.html' }]);
      return url;
    },
  };
}
