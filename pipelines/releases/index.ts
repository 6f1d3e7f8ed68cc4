export type { BuildSource, ImagePorts } from './image-ports.ts';
export { buildRelease, findRelease, type ReleaseSource, type ResolvedRelease } from './resolve-release.ts';
