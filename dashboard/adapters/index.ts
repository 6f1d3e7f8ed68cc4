export { fileReports } from './file-reports.ts';
export { pageScript } from './page-script.ts';
export { type Serving, servePages } from './serve-pages.ts';
