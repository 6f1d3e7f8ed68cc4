export { clipsIn, readCircumstances, sidecarSchema } from './arrival.ts';
export { eventsSchema } from './clip-list.ts';
export type {
  BoxTruth,
  ClassificationDataset,
  Clip,
  ClipDataset,
  Dataset,
  DetectionDataset,
  EventRule,
  Frame,
  Pair,
  Polygon,
  PictureDataset,
  Round,
  Sample,
  SearchDataset,
  TimedEvent,
  TrueBox,
  VerificationDataset,
} from './dataset.ts';
export { filesOfManifest } from './files-of-manifest.ts';
export { frameTicks } from './frame-ticks.ts';
export type { Footage, FootageFile } from './footage.ts';
export { itemsOf } from './items.ts';
export { datasetManifestSchema } from './manifest.ts';
export { formatPins, readPins } from './pins.ts';
export { pinnedData, type PinnedData } from './pinned-data.ts';
export { manifestFiles, readQuestion, type ReplayQuestion } from './read-question.ts';
export type { BadItem } from './leave-out.ts';
export type { DataPlace, OpenDataset, SampleSource } from './sample-source.ts';
export type { Picture, Thumbnail, Thumbnailer } from './thumbnailer.ts';
