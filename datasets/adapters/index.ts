export { FileSampleSource } from './file-sample-source.ts';
export { folderFootage } from './folder-footage.ts';
export { openS3Footage } from './open-s3-footage.ts';
export { pinDataset, type PinnedDataset } from './pin-dataset.ts';
export { SharpThumbnailer } from './thumbnail.ts';
