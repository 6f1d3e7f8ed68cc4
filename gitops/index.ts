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
export { readDeployed, type DeployedAt } from './read-deployed.ts';
export type { ChipsetPlacement, Controller, DeployedRelease, FleetPlan, ImagePin, ManifestFile, Site } from './release.ts';
export { renderFleet } from './render-fleet.ts';
export { rolloutSeconds } from './render-overlay.ts';
export { namesAt, ownNames, type RolloutNames } from './rollout/places.ts';
export { commitIn } from './rollout/revision.ts';
export type { FleetHistory, PodPlace, Rollout, RolloutTarget, RolloutWatcher, Standing } from './rollout/rollout.ts';
