export { artifactFolder } from './artifact-folder.ts';
export { freshImageStore } from './fresh-image-store.ts';
export { readToldProblems } from './told-problems.ts';
export { readImageBundle, receivedImages, reviewedImages } from './received-images.ts';
