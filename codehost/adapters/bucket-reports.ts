import type { BucketConfig } from '#config';
import { bucketCredentials } from '../publish/github-environment.ts';
import type { ReportStore } from '../report-store.ts';
import { bucketFiles } from './bucket-files.ts';

/** Full reports in an S3-compatible bucket, which serves each as a page. */
export function openReports(environment: Readonly<Record<string, string | undefined>>, config: BucketConfig): ReportStore {
  const put = bucketFiles(config, bucketCredentials(environment), 'github.report.bucket');
  return {
    put: async (page) => {
      const [url = ''] = await put([{ content: Buffer.from(page), type: 'text/html; charset=utf-8', suffix: '.html' }]);
      return url;
    },
  };
}
