export { dockerModelRunner } from './docker-model-runner.ts';
export { fileChipsetRegistry } from './file-chipset-registry.ts';
export { fileClipSignals, fileClipTrials, fileSampleTrials } from './file-trial-store.ts';
export { nameInEngine } from './name-image.ts';
export { processModelRunner } from './process-model-runner.ts';
