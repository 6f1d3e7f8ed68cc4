export type { BuildSource, BuildTimes, ImagePorts } from './image-ports.ts';
export { asOnFirstPlatform, platformsOf, refuseUnservedSites, releaseOn, runtimeOn } from './platforms.ts';
export { buildRelease, findRelease, type ReleaseSource, type ResolvedRelease } from './resolve-release.ts';
