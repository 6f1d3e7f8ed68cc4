export { FileSampleSource } from './file-sample-source.ts';
export { pinDataset, type PinnedDataset } from './pin-dataset.ts';
export { SharpThumbnailer } from './thumbnail.ts';
