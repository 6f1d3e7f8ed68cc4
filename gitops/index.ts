export { commitMessage, parseTrailers, type Trailers } from './commit-message.ts';
export {
  FleetMoved,
  FleetRefused,
  type FleetCommit,
  type FleetFile,
  type FleetRepository,
  type FleetSnapshot,
} from './fleet-repository.ts';
export {
  contestedPaths,
  planLanding,
  proposalBranch,
  proposalTrailers,
  type LandingFacts,
  type LandingPlan,
  type ProposalOrigin,
} from './proposal.ts';
export { editFleet } from './layout/edit-fleet.ts';
export { parseFieldPath } from './layout/field-path.ts';
export { keptFiles, LAYOUT_VALUES, type KeptFleet, type LayoutFile, type LayoutValue } from './layout/layout.ts';
export { readDeployed, readFiles } from './read-deployed.ts';
export type {
  ChipsetPlacement,
  Controller,
  DeployedAt,
  DeployedRelease,
  FleetPlan,
  ImagePin,
  ManifestFile,
  Placement,
  Progressive,
  RecordSummary,
  Site,
  SiteReplay,
} from './release.ts';
export { renderFleet } from './render-fleet.ts';
export { rolloutSeconds } from './render-overlay.ts';
export { planRevert, revertBranch, type RevertPlan, type WrittenFile } from './revert.ts';
export { namesAt, ownNames, replayObject, type RolloutNames } from './rollout/places.ts';
export { commitIn } from './rollout/revision.ts';
export type { FleetHistory, PodPlace, Rollout, RolloutTarget, RolloutWatcher, Standing } from './rollout/rollout.ts';
export { deploysAlike, filesByWave, outOfTurn, planWaves, releaseAt, withFiles, type Place } from './waves.ts';
export { writtenFiles, type Written } from './written-files.ts';
