export type { Clip, Dataset, EventRule, Frame, ReplayDataset, ResearchDataset, Sample, TimedEvent } from './dataset.ts';
export { datasetManifestSchema } from './manifest.ts';
export type { ManifestRef, OpenDataset, SampleSource } from './sample-source.ts';
export { sliceValue, slicesOf } from './slices.ts';
export type { Box, Picture, Thumbnail, Thumbnailer } from './thumbnailer.ts';
export { clipsIn, nightOf, readCircumstances, sidecarSchema, type Circumstances } from './arrival.ts';
export type { Footage, FootageFile } from './footage.ts';
export { eventsSchema } from './clip-list.ts';
export { readQuestion, type ReplayQuestion } from './read-question.ts';
