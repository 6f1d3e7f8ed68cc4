export type { CameraFrame, Cameras, GraphRun, GraphRunner, Observed, ObservedPlace } from './graph-runner.ts';
