export { localGraphRunner, type LocalOptions, type OpenLink } from './local-graph-runner.ts';
