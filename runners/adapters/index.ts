export { dockerModelRunner } from './docker-model-runner.ts';
export { nameInEngine } from './name-image.ts';
export { processModelRunner } from './process-model-runner.ts';
