export { openGithub, openGithubSettings, readAppPermissions } from './github-code-host.ts';
export { openPictures } from './open-pictures.ts';
