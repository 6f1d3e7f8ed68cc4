export { fileClipSignals, fileClipTrials, fileSampleTrials } from './file-trial-store.ts';
