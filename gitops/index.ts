export { commitMessage, parseTrailers, type Trailers } from './commit-message.ts';
export { FleetMoved, type FleetCommit, type FleetRepository, type FleetSnapshot } from './fleet-repository.ts';
export {
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
export type { Rollout, RolloutTarget, RolloutWatcher } from './rollout/rollout.ts';
