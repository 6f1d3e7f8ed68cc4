export { buildRelease, findRelease, type ReleaseSource, type ResolvedRelease } from './resolve-release.ts';
