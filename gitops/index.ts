export {
  type FleetCommit,
  type FleetFile,
  type Committed,
  FleetMoved,
  FleetRefused,
  type FleetRepository,
  type FleetSnapshot,
} from './fleet-repository.ts';
export { commitMessage, parseTrailers } from './landing/commit-message.ts';
export { type LedgerEnd, ledgerTrailer, type LedgerWitness, ledgerWitnesses } from './landing/ledger-witness.ts';
export { contestedPaths, planLanding, proposalBranch, proposalTrailers } from './landing/proposal.ts';
export { planRevert, revertBranch, type WrittenFile } from './landing/revert.ts';
export { deploysAlike, filesByWave, outOfTurn, type Place, planWaves, releaseAt, withFiles } from './landing/waves.ts';
export { writtenFiles } from './landing/written-files.ts';
export { contractProblems, type Contracts } from './graph/contracts.ts';
export {
  appOf,
  BROKER,
  type GraphPlan,
  type PlacedStage,
  type PlannedBroker,
  type PlannedEdge,
  type StageContract,
} from './graph/graph-plan.ts';
export { leftBehind } from './graph/left-behind.ts';
export { concernsGraph, type DeployedGraph, graphRelease, readBroker, readGraph } from './graph/read-graph.ts';
export { renderGraph } from './graph/render-graph.ts';
export { editFleet } from './layout/edit-fleet.ts';
export { parseFieldPath } from './layout/field-path.ts';
export { keptFiles, type KeptFleet, LAYOUT_VALUES, type LayoutFile, type LayoutValue } from './layout/layout.ts';
export { readDeployed, readFiles } from './read-deployed.ts';
export type {
  Controller,
  DeployedAt,
  DeployedRelease,
  FleetPlan,
  ImagePin,
  ManifestFile,
  NodeSelection,
  Progressive,
  Site,
  SiteReplay,
} from './release.ts';
export { renderFleet } from './render/render-fleet.ts';
export { rolloutSeconds } from './render/render-overlay.ts';
export { namesAt, ownNames, replayObject, type RolloutNames } from './rollout/places.ts';
export { commitIn } from './rollout/revision.ts';
export type { FleetHistory, Rollout, RolloutTarget, RolloutWatcher, CommitRelation } from './rollout/rollout.ts';
