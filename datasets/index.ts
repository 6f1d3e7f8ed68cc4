export { clipsIn, readCircumstances, sidecarSchema } from './arrival.ts';
export { eventsSchema } from './clip-list.ts';
export type { Clip, Dataset, EventRule, Frame, ReplayDataset, ResearchDataset, Sample, TimedEvent } from './dataset.ts';
export type { Footage, FootageFile } from './footage.ts';
export { datasetManifestSchema } from './manifest.ts';
export { formatPins, readPins } from './pins.ts';
export { manifestFiles, readQuestion, type ReplayQuestion } from './read-question.ts';
export type { DataPlace, OpenDataset, SampleSource } from './sample-source.ts';
export type { Thumbnailer } from './thumbnailer.ts';
