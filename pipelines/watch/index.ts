export { fleetHistory, type ReadRelease } from './fleet-history.ts';
export { type ImageDigests, imageDigests, pinsOf } from './image-digests.ts';
export { recordRollouts } from './record-rollouts.ts';
export { patience, rolloutTargets } from './rollout-targets.ts';
export { watchFleet, type WatchPorts } from './watch-fleet.ts';
