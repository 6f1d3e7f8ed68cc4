export type { Clip, Dataset, EventRule, Frame, ReplayDataset, ResearchDataset, Sample, TimedEvent } from './dataset.ts';
export type { ManifestRef, OpenDataset, SampleSource } from './sample-source.ts';
