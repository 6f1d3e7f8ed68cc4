export type { Clip, Dataset, EventRule, Frame, ReplayDataset, ResearchDataset, Sample, TimedEvent } from './dataset.ts';
export { datasetManifestSchema } from './manifest.ts';
export type { ManifestRef, OpenDataset, SampleSource } from './sample-source.ts';
export { sliceValue, slicesOf } from './slices.ts';
export type { Box, Picture, Thumbnail, Thumbnailer } from './thumbnailer.ts';
