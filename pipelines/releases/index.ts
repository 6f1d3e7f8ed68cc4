export { asOnFirstPlatform, platformsOf, refuseUnservedSites, runtimeOn } from './platforms.ts';
export { buildRelease, findRelease, type ReleaseSource, type ResolvedRelease } from './resolve-release.ts';
