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
  planLanding,
  proposalBranch,
  proposalTrailers,
  type LandingFacts,
  type LandingPlan,
  type ProposalOrigin,
} from './proposal.ts';
export { readDeployed, type DeployedAt } from './read-deployed.ts';
export type { ChipsetPlacement, Controller, DeployedRelease, FleetPlan, ImagePin, ManifestFile, Site } from './release.ts';
export { renderFleet } from './render-fleet.ts';
export type { Rollout, RolloutTarget, RolloutWatcher } from './rollout/rollout.ts';
