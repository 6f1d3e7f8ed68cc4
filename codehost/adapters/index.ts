export { openGithub, openGithubSettings, readAppPermissions } from './github-code-host.ts';
export { openReports } from './bucket-reports.ts';
export { openPictures } from './open-pictures.ts';
