export { noReports, type ReportShelf } from './reports.ts';
export { allFiles, fileAt, type Site, type SiteFile } from './site.ts';
export { siteAsOf } from './site-as-of.ts';
export type { Source } from './source.ts';
